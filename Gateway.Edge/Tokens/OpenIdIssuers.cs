using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Policies.Execution;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Edge.Tokens;

/// <summary>
/// The issuers of tokens that policies name by the URL of their OpenID configuration document. A request waits for the first fetch only; afterwards
/// each is fetched again behind the requests. Bounded in number, size and time.
/// </summary>
internal sealed partial class OpenIdIssuers(OpenIdClient client, TimeProvider time, ILogger<OpenIdIssuers> logger) : TokenTrust
{
    /// <summary>The most issuers that are kept; what was not asked for the longest goes first.</summary>
    public const int Maximum = 256;

    /// <summary>After this time an issuer is fetched again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>A token with a key that is not known makes the gateway fetch again at most once in this time; so does a failed fetch of what is known.</summary>
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromMinutes(5);

    /// <summary>What could never be fetched is tried again after this time, when a request asks for it.</summary>
    public static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, OpenIdIssuer> _issuers = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public override ValueTask<TokenIssuer?> FindAsync(string url)
    {
        var issuer = Get(url);
        return issuer.Current is { } known ? new(known)
            : issuer.IsDue(time, RetryPeriod) ? FetchAsync(url, issuer)
            : issuer.PendingAsync();
    }

    /// <inheritdoc />
    public override ValueTask<TokenIssuer?> RefreshAsync(string url, TokenIssuer seen)
    {
        var issuer = Get(url);
        return issuer.Current == seen && issuer.IsDue(time, RenewalPeriod) ? FetchAsync(url, issuer) : issuer.PendingAsync();
    }

    /// <summary>Fetches again what is old; for a loop behind the requests.</summary>
    public async Task RenewAsync()
    {
        foreach (var (url, issuer) in _issuers)
        {
            if (issuer.Current is not null && issuer.IsDue(time, RenewalPeriod) && time.GetElapsedTime(issuer.Fetched) >= Lifetime)
            {
                await FetchAsync(url, issuer);
            }
        }
    }

    private OpenIdIssuer Get(string url)
    {
        if (!_issuers.TryGetValue(url, out var issuer))
        {
            if (_issuers.Count >= Maximum && _issuers.MinBy(held => held.Value.Asked) is { Value: not null } oldest && _issuers.TryRemove(oldest))
            {
                oldest.Value.Current?.End();
            }

            issuer = _issuers.GetOrAdd(url, static _ => new());
        }

        issuer.Asked = time.GetTimestamp();
        return issuer;
    }

    private ValueTask<TokenIssuer?> FetchAsync(string url, OpenIdIssuer issuer) => issuer.RunAsync(time, async () =>
    {
        try
        {
            return await client.FetchAsync(url);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or JsonException or FormatException or ArgumentException or SecurityTokenException)
        {
            Log.NotFetched(logger, e, url);
            return null;
        }
    });

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The OpenID configuration {Url}, or the keys that it names, could not be fetched. Tokens are judged by what was fetched before, if anything was.")]
        public static partial void NotFetched(ILogger logger, Exception exception, string url);
    }
}
