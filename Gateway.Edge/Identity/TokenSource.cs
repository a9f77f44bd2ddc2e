using System.Collections.Concurrent;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Identity;

/// <summary>
/// The tokens by which this edge is known elsewhere, one for each resource and client. One that is in hand costs nothing; it is asked for anew, behind the
/// requests, when four fifths of its life are over. Requests wait only when there is none, and all of them for one call.
/// </summary>
internal sealed class TokenSource(TokenClient client, IdentityOptions options, TimeProvider time, ILogger<TokenSource> logger)
{
    private const int Maximum = 1000;

    private readonly ConcurrentDictionary<TokenName, HeldToken> _tokens = new();

    /// <summary>A token.</summary>
    /// <exception cref="TokenException">There is none.</exception>
    public ValueTask<string> GetAsync(string resource, string? clientId)
    {
        var name = new TokenName(resource, clientId ?? options.ClientId ?? "");
        if (!_tokens.TryGetValue(name, out var held))
        {
            if (_tokens.Count >= Maximum)
            {
                RemoveExpired();
            }

            held = _tokens.GetOrAdd(name, static (wanted, source) => new HeldToken(wanted, source.client, source.time, source.logger), (client, time, logger));
        }

        return held.GetAsync();
    }

    private void RemoveExpired()
    {
        foreach (var pair in _tokens)
        {
            if (pair.Value.IsOver)
            {
                _tokens.TryRemove(pair);
            }
        }

        if (_tokens.Count >= Maximum)
        {
            throw new TokenException($"Policies ask for tokens of more than {Maximum} different resources.");
        }
    }
}

/// <summary>What tells one token from another.</summary>
/// <param name="Resource">Whom it is for.</param>
/// <param name="ClientId">Whom it names.</param>
internal readonly record struct TokenName(string Resource, string ClientId);
