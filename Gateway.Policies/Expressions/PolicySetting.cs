using Gateway.Policies.Execution;

namespace Gateway.Policies.Expressions;

/// <summary>A setting of a policy: written as a literal, or the result of an expression, which is made anew for each request.</summary>
public readonly struct PolicySetting<T>
{
    private readonly T? _literal;
    private readonly Func<PolicyContext, T>? _expression;

    /// <summary>A literal.</summary>
    public PolicySetting(T literal) => _literal = literal;

    /// <summary>An expression.</summary>
    public PolicySetting(Func<PolicyContext, T> expression) => _expression = expression;

    /// <summary>False for an expression.</summary>
    public bool IsLiteral => _expression is null;

    /// <summary>The literal; default for an expression.</summary>
    public T? Literal => _literal;

    /// <summary>The value for a request.</summary>
    /// <exception cref="PolicyException">The expression failed.</exception>
    public T For(PolicyContext context) => _expression is null ? _literal! : _expression(context);
}
