using Microsoft.IdentityModel.Tokens;

namespace Gateway.Policies.Execution;

/// <summary>What policies need to judge tokens, beyond their own settings: who signs them, and which were found good before.</summary>
public abstract class TokenTrust
{
    /// <summary>Tokens that were found good.</summary>
    public required ValidatedTokens Validated { get; init; }

    /// <summary>Where Microsoft Entra tenants are found: an absolute URL without a slash at its end.</summary>
    public required string EntraAuthority { get; init; }

    /// <summary>
    /// The issuer that an OpenID configuration document describes. Completes synchronously once it is known; the first request that asks for
    /// it waits until it is fetched, for a bounded time. It is fetched again behind the requests.
    /// </summary>
    /// <param name="url">Where the document is.</param>
    /// <returns>Null when it cannot be had.</returns>
    public abstract ValueTask<TokenIssuer?> FindAsync(string url);

    /// <summary>Fetches an issuer again, because a token names a key that it does not have; at most once in five minutes.</summary>
    /// <param name="url">Where the document is.</param>
    /// <param name="seen">What did not have the key.</param>
    /// <returns>What is known now: maybe the same.</returns>
    public abstract ValueTask<TokenIssuer?> RefreshAsync(string url, TokenIssuer seen);
}

/// <summary>Who signs tokens, and with which keys; immutable but for its end.</summary>
/// <param name="name">What tokens give as <c>iss</c>; may hold <c>{tenantid}</c>, which stands for the token's <c>tid</c>.</param>
/// <param name="keys">The keys that may have signed.</param>
public sealed class TokenIssuer(string name, IReadOnlyList<SecurityKey> keys)
{
    private volatile bool _isPast;

    /// <summary>What tokens give as <c>iss</c>; may hold <c>{tenantid}</c>, which stands for the token's <c>tid</c>.</summary>
    public string Name => name;

    /// <summary>The keys that may have signed.</summary>
    public IReadOnlyList<SecurityKey> Keys => keys;

    /// <summary>True for one of its keys, also when it was read from somewhere else. The name that a key goes by says nothing.</summary>
    public bool Has(SecurityKey key)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (ReferenceEquals(keys[i], key)
                || (keys[i].CanComputeJwkThumbprint() && key.CanComputeJwkThumbprint() && keys[i].ComputeJwkThumbprint().AsSpan().SequenceEqual(key.ComputeJwkThumbprint())))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True once a newer description of the issuer has other keys: what this one vouched for is to be looked at again.</summary>
    public bool IsPast => _isPast;

    /// <summary>A newer description has come.</summary>
    public void End() => _isPast = true;
}
