using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Caching;

/// <summary>
/// Keeps the response, as it is where this policy stands, for later requests, which find it with <c>cache-lookup</c>. It is taken down while it is sent: neither client nor backend
/// waits for the cache, and a body that breaks off is not kept. Nothing is kept without <c>cache-lookup</c> before it, of requests other than <c>GET</c>, of requests with
/// conditions or for a range, and of responses with <c>Set-Cookie</c>, with <c>Vary: *</c>, or whose <c>Cache-Control</c> says <c>no-store</c> or, unless <c>cache-lookup</c> allows private responses,
/// <c>private</c>.
/// </summary>
public sealed class CacheStorePolicy : IPolicy<CacheStorePolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "cache-store", Sections = PolicySection.Outbound, OncePerBranch = true };

    /// <summary><c>duration</c>: how long, in seconds; required. With 0 nothing is kept. May be an expression. The backend's own word on it does not count.</summary>
    public required PolicySetting<int> Seconds { get; init; }

    /// <summary>
    /// <c>stale-while-revalidate</c>: for so many seconds after its duration a response is still used while one request over the whole site gets a new one; 0 by default. May be an expression.
    /// </summary>
    public PolicySetting<int>? StaleSeconds { get; init; }

    /// <summary><c>cache-response</c>: true keeps responses of any status, false none; without it those of status 200 are kept. May be an expression.</summary>
    public PolicySetting<bool>? CacheResponse { get; init; }

    /// <inheritdoc/>
    public static CacheStorePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (seconds, any) = (read.RequiredIntegerSetting("duration", 0, CacheSettings.MaximumSeconds), read.BooleanSetting("cache-response"));
        var stale = read.IntegerSetting("stale-while-revalidate", 0, CacheSettings.MaximumSeconds);
        read.End();
        return seconds is { } duration ? new() { Seconds = duration, StaleSeconds = stale, CacheResponse = any } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        if (context.Caching is { } caching && (CacheResponse?.For(context) ?? true) && Seconds.For(context) is > 0 and var seconds)
        {
            caching.Record(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(StaleSeconds?.For(context) ?? 0), anyStatus: CacheResponse is not null);
        }

        return ValueTask.CompletedTask;
    }
}
