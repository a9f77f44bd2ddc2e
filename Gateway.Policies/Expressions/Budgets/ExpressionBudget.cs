using System.Diagnostics;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Expressions.Budgets;

/// <summary>What the expressions of one request have left. One expression runs at a time; each is run between <see cref="Enter"/> and <see cref="Leave"/>.</summary>
public sealed class ExpressionBudget(ExpressionLimits limits)
{
    /// <summary>Units between two looks at clock and memory: 16 steps at first, more while they are short.</summary>
    private const long ShortestInterval = 16 * Budget.Step;

    private const long LongestInterval = 1024 * Budget.Step;
    private static readonly long _brief = Stopwatch.Frequency / 50_000;
    private static readonly long _while = Stopwatch.Frequency / 1_000;
    private static readonly long _long = Stopwatch.Frequency / 2_000;

    private long _units = limits.Steps * Budget.Step;
    private long _bytes = limits.AllocatedBytes;
    private TimeSpan _time = limits.Time;
    private long _granted;
    private long _allocatedBefore;
    private long _interval;
    private long _firstLook;
    private long _lastLook;
    private TimeSpan? _timeBefore;
    private string? _exhausted;

    /// <summary>Bytes that may still be allocated.</summary>
    internal long BytesLeft => _bytes - (GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore);

    /// <summary>The time of one match of a regular expression.</summary>
    internal TimeSpan MatchTime => limits.MatchTime;

    /// <summary>Starts the run of an expression on this thread.</summary>
    /// <returns>The units until the first look.</returns>
    internal long Enter()
    {
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        _interval = ShortestInterval;
        _firstLook = 0;
        _timeBefore = null;
        return Grant();
    }

    /// <summary>Ends the run.</summary>
    internal void Leave(long left)
    {
        _units -= _granted - left;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        _bytes -= allocated - _allocatedBefore;
        _allocatedBefore = allocated;
        if (_firstLook != 0)
        {
            _time -= _timeBefore is { } before ? ThreadTime.Now - before : Stopwatch.GetElapsedTime(_firstLook);
        }
    }

    /// <summary>Looks at what was used.</summary>
    /// <returns>The units until the next look.</returns>
    internal long Look(long left)
    {
        _units -= _granted - left;
        _granted = 0;
        Adapt(Stopwatch.GetTimestamp());
        _exhausted ??= _units < 0 ? "The expressions of this request take too many steps."
            : BytesLeft < 0 ? "The expressions of this request allocate too much memory."
            : Stopwatch.GetElapsedTime(_firstLook, _lastLook) > _time && ThreadTime.Now - _timeBefore.GetValueOrDefault() > _time ? "The expressions of this request take too much time."
            : null;
        return _exhausted is null ? Grant() : throw new ExpressionBudgetException(_exhausted);
    }

    /// <summary>Ends the budget: nothing of this request's expressions goes on.</summary>
    internal ExpressionBudgetException Exhaust(string message)
    {
        _exhausted ??= message;
        return new(_exhausted);
    }

    private void Adapt(long now)
    {
        if (_firstLook == 0)
        {
            _firstLook = now;
        }
        else
        {
            // The processor's clock costs as much as hundreds of steps: it is asked only of expressions that take a while.
            _timeBefore ??= now - _firstLook > _while ? ThreadTime.Now : null;
            var passed = now - _lastLook;
            _interval = passed < _brief ? Math.Min(_interval * 2, LongestInterval) : passed > _long ? ShortestInterval : _interval;
        }

        _lastLook = now;
    }

    private long Grant() => _granted = _exhausted is null ? Math.Min(_interval, Math.Max(_units, 0)) : 0;
}
