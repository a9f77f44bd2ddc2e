using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Budgets;

namespace Gateway.Policies.Expressions;

/// <summary>An expression at its place in a document: what it gives is read and checked as the literal would have been.</summary>
/// <param name="expression">The expression; its result is converted already.</param>
/// <param name="policy">The policy's name, for errors.</param>
/// <param name="section">Where the policy stands.</param>
/// <param name="read">Makes the setting of the result, or says what is wrong with it.</param>
internal sealed class BoundExpression<TResult, T>(
    Func<IExpressionContext, TResult> expression, string policy, PolicySection section, SettingReader<TResult, T> read)
{
    /// <summary>The setting for a request.</summary>
    /// <exception cref="PolicyException">The expression failed, or its value cannot be used.</exception>
    public T Evaluate(PolicyContext context)
    {
        var result = Run(context);
        return read(result, out var value) is { } error ? throw ExpressionFailures.Validation(policy, error) : value;
    }

    private TResult Run(PolicyContext context)
    {
        var seen = context.Expressions;
        seen.Section = section;
        return ExpressionCall.Run(expression, seen, seen.Budget, policy);
    }
}

/// <summary>Makes a setting of what was written, or of what an expression gave.</summary>
/// <returns>What is wrong, as a sentence that does not quote the value; null when it is right.</returns>
public delegate string? SettingReader<in TSource, T>(TSource source, out T value);
