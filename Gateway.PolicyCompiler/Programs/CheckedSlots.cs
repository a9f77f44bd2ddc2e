using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>The expressions of a document that is being checked: at most their types are known, and none ever runs.</summary>
internal sealed class CheckedSlots(int count, IReadOnlyList<Type?>? results = null) : IExpressionSlots
{
    /// <inheritdoc />
    public Type? ResultOf(int slot) => results?[slot];

    /// <inheritdoc />
    public Func<IExpressionContext, T> Bind<T>(int slot) => slot >= 0 && slot < count
        ? _ => throw new InvalidOperationException("An expression of a document that is being checked does not run.")
        : throw new FormatException($"The document has no expression {slot}.");
}
