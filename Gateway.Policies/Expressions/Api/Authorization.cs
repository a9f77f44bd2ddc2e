namespace Gateway.Policies.Expressions.Api;

/// <summary>What an authorization server gave for a caller: the value of the variable that <c>get-authorization-context</c> sets.</summary>
public sealed class Authorization
{
    internal Authorization()
    {
    }

    /// <summary>The token to present to the backend.</summary>
    public string AccessToken { get; internal init; } = "";

    /// <summary>What the server said besides, by name.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; internal init; } = new Dictionary<string, string>();
}
