namespace Gateway.Policies.Expressions.Api;

/// <summary>What an expression knows as <c>context</c>.</summary>
public interface IExpressionContext
{
    /// <summary>Names this request.</summary>
    Guid RequestId { get; }

    /// <summary>The variables that policies have set.</summary>
    IReadOnlyDictionary<string, object?> Variables { get; }
}
