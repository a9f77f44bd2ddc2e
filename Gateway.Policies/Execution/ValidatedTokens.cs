using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Execution;

/// <summary>
/// Tokens whose signature was checked, so that the next request with the same token need not. A table of a fixed number of places, without
/// locks: a token that finds its places taken puts out the one of them that expires first. Only good tokens come in, so nobody without a key can fill it.
/// </summary>
/// <param name="capacity">The most tokens, rounded up to a power of two; 0 keeps none.</param>
public sealed class ValidatedTokens(int capacity)
{
    /// <summary>Longer tokens are checked each time.</summary>
    public const int LongestToken = 8 * 1024;

    private const int Ways = 4;
    private const int HashedEnd = 16;

    private readonly ValidatedToken?[] _places = new ValidatedToken?[capacity == 0 ? 0 : Math.Max(Ways, (int)BitOperations.RoundUpToPowerOf2((uint)capacity))];

    /// <summary>The token as it was found good; null when it was not, or not lately, or not by this policy.</summary>
    /// <param name="policy">Who asks: the same token may be good for one policy and bad for another.</param>
    /// <param name="token">The token.</param>
    public ValidatedToken? Find(object policy, ReadOnlySpan<char> token)
    {
        foreach (var place in Places(policy, token))
        {
            if (place is not null && ReferenceEquals(place.Policy, policy) && token.SequenceEqual(place.Text))
            {
                return place;
            }
        }

        return null;
    }

    /// <summary>Keeps a token.</summary>
    public void Keep(ValidatedToken token)
    {
        var places = Places(token.Policy, token.Text);
        var worst = -1;
        for (var i = 0; i < places.Length && token.Text.Length <= LongestToken; i++)
        {
            if (places[i] is not { } held || (ReferenceEquals(held.Policy, token.Policy) && held.Text == token.Text))
            {
                worst = i;
                break;
            }

            worst = worst < 0 || held.Expires < places[worst]!.Expires ? i : worst;
        }

        if (worst >= 0)
        {
            Volatile.Write(ref places[worst], token);
        }
    }

    /// <summary>The end of a token is its signature: as good as random, and it costs the same for every length.</summary>
    private Span<ValidatedToken?> Places(object policy, ReadOnlySpan<char> token)
    {
        if (_places.Length == 0)
        {
            return default;
        }

        var hash = string.GetHashCode(token[^Math.Min(HashedEnd, token.Length)..]) ^ RuntimeHelpers.GetHashCode(policy);
        return _places.AsSpan((hash & ((_places.Length / Ways) - 1)) * Ways, Ways);
    }
}

/// <summary>A token that was found good.</summary>
/// <param name="Policy">By whom.</param>
/// <param name="Text">The token.</param>
/// <param name="Content">What stands in it.</param>
/// <param name="Issuers">Whose keys were asked; it is to be looked at again when one of them is past.</param>
/// <param name="Certificates">The certificates whose keys were asked.</param>
/// <param name="NotBefore">It is good from this moment on.</param>
/// <param name="Expires">It is good before this moment.</param>
public sealed record ValidatedToken(
    object Policy, string Text, Jwt Content, IReadOnlyList<TokenIssuer> Issuers,
    IReadOnlyList<X509Certificate2?> Certificates, DateTimeOffset NotBefore, DateTimeOffset Expires)
{
    /// <summary>True while nothing it depends on has changed.</summary>
    public bool IsGoodAt(DateTimeOffset time)
    {
        if (time < NotBefore || time >= Expires)
        {
            return false;
        }

        for (var i = 0; i < Issuers.Count; i++)
        {
            if (Issuers[i].IsPast)
            {
                return false;
            }
        }

        return true;
    }
}
