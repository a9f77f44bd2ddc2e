using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>Issuers that a test gives.</summary>
internal sealed class FakeTrust : TokenTrust
{
    public Dictionary<string, TokenIssuer> Issuers { get; } = [];

    /// <summary>What a refresh brings.</summary>
    public Dictionary<string, TokenIssuer> Renewed { get; } = [];

    public List<string> Asked { get; } = [];

    public override ValueTask<TokenIssuer?> FindAsync(string url)
    {
        Asked.Add(url);
        return new(Issuers.GetValueOrDefault(url));
    }

    public override ValueTask<TokenIssuer?> RefreshAsync(string url, TokenIssuer seen)
    {
        Asked.Add($"again {url}");
        return new(Renewed.GetValueOrDefault(url, seen));
    }
}
