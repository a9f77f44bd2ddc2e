using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions;

/// <summary>
/// The expressions of a document by slot. While a document is checked their types are known and nothing runs; on an edge they are the
/// methods of a loaded program.
/// </summary>
public interface IExpressionSlots
{
    /// <summary>The type that the expression has by its text; <c>object</c> when only its run tells, null when it is not known here.</summary>
    Type? ResultOf(int slot);

    /// <summary>
    /// The expression as a delegate. A result of another type is converted where the reference product does so, and else is an
    /// <see cref="InvalidCastException"/> when it runs.
    /// </summary>
    /// <exception cref="FormatException">The program has no such slot.</exception>
    Func<IExpressionContext, T> Bind<T>(int slot);
}
