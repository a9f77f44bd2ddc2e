using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gateway.Policies.Expressions.Budgets;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>
/// What compiled expressions call to be charged for what they do. Calls are put in by the compiler: at loops, lambdas, local functions
/// and catch clauses, and behind members whose result can be long. A unit is about 32 bytes of work.
/// </summary>
public static class Budget
{
    /// <summary>The units of one round of a loop or one call.</summary>
    internal const long Step = 64;

    [ThreadStatic]
    private static long _left;

    /// <summary>How far calls of lambdas and local functions may go down the stack, in bytes: libraries below them need the rest.</summary>
    private const int Stack = 256 * 1024;

    /// <summary>The same for those with try statements: an exception that is thrown in a catch clause leaves its frames on the stack.</summary>
    private const int StackOfTries = 8 * 1024;

    [ThreadStatic]
    private static ExpressionBudget? _current;

    [ThreadStatic]
    private static nint _start;

    /// <summary>A round of a loop, or the start of a catch clause, which so cannot swallow the end of the budget.</summary>
    public static void Charge() => Spend(Step);

    /// <summary>A call of a lambda or a local function.</summary>
    public static void Enter()
    {
        Spend(Step);
        Descend(Stack);
    }

    /// <summary>A call of a lambda or a local function that has a try statement.</summary>
    public static void EnterTrying()
    {
        Spend(Step);
        Descend(StackOfTries);
    }

    /// <summary>The length of an array that is about to be made.</summary>
    /// <param name="length">Its number of elements.</param>
    /// <typeparam name="T">The type of its elements.</typeparam>
    public static int Length<T>(int length)
    {
        Reserve((long)Math.Max(length, 0) * Unsafe.SizeOf<T>());
        return length;
    }

    /// <summary>Ends the budget when calls have gone too deep.</summary>
    internal static void Descend(int most = Stack)
    {
        if (_start - Position() > most)
        {
            throw Exhaust("The expressions of this request call themselves too deeply.");
        }
    }

    /// <summary>Looks at clock and memory now.</summary>
    internal static void Look()
    {
        // A program's code that runs outside a call has no budget to run on.
        _left = (_current ?? throw new ExpressionBudgetException("An expression's code runs outside a call.")).Look(_left);
    }

    /// <summary>Charges work before it is done.</summary>
    internal static void Spend(long units)
    {
        Debug.Assert(_current is not null, "Charged outside a call: it fails as soon as it is dear enough.");
        if ((_left -= units) < 0)
        {
            Look();
        }
    }

    /// <summary>Charges memory before it is allocated.</summary>
    internal static void Reserve(long bytes)
    {
        if (bytes > 1024 && bytes > BytesLeft)
        {
            throw Exhaust("The expressions of this request allocate too much memory.");
        }

        Spend(bytes / 32);
    }

    /// <summary>Bytes that may still be allocated.</summary>
    internal static long BytesLeft => _current?.BytesLeft ?? 0;

    /// <summary>The time of one match of a regular expression.</summary>
    internal static TimeSpan MatchTime => _current?.MatchTime ?? ExpressionLimits.Default.MatchTime;

    /// <summary>Ends the budget of the running expression.</summary>
    internal static Exception Exhaust(string message)
    {
        _left = 0;
        return _current is { } budget ? budget.Exhaust(message) : new ExpressionBudgetException(message);
    }

    /// <summary>Runs what follows, until <see cref="End"/>, on a request's budget.</summary>
    internal static void Begin(ExpressionBudget budget)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _current = budget;
        _start = Position();
        _left = budget.Enter();
    }

    /// <summary>Ends what <see cref="Begin"/> began.</summary>
    internal static void End()
    {
        var budget = _current;
        _current = null;
        budget?.Leave(_left);
        _left = 0;
    }

    /// <summary>Where the stack is: it grows downwards.</summary>
    private static nint Position()
    {
        byte here = 0;
        return Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref here);
    }
}
