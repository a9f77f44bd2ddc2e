namespace Gateway.Policies.Expressions.Api;

/// <summary>What stands in a JSON web token. Reading one proves nothing: its signature is not looked at.</summary>
public sealed class Jwt
{
    internal Jwt()
    {
    }

    /// <summary><c>alg</c> of the header; empty without one.</summary>
    public string Algorithm { get; internal init; } = "";

    /// <summary><c>aud</c>.</summary>
    public IEnumerable<string> Audiences { get; internal init; } = [];

    /// <summary>All claims of the payload as text: a claim that is a list has a value for each entry.</summary>
    public IReadOnlyDictionary<string, string[]> Claims { get; internal init; } = null!;

    /// <summary><c>exp</c>, in universal time; null without one.</summary>
    public DateTime? ExpirationTime { get; internal init; }

    /// <summary><c>jti</c>; null without one.</summary>
    public string? Id { get; internal init; }

    /// <summary><c>iss</c>; null without one.</summary>
    public string? Issuer { get; internal init; }

    /// <summary><c>iat</c>, in universal time; null without one.</summary>
    public DateTime? IssuedAt { get; internal init; }

    /// <summary><c>nbf</c>, in universal time; null without one.</summary>
    public DateTime? NotBefore { get; internal init; }

    /// <summary><c>sub</c>; null without one.</summary>
    public string? Subject { get; internal init; }

    /// <summary><c>typ</c> of the header; null without one.</summary>
    public string? Type { get; internal init; }
}
