using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Caching;

/// <summary>
/// Keeps a value for later requests, which find it with <c>cache-lookup-value</c>. The request does not wait until it is kept, and a cache that
/// cannot be reached is no error. Text, numbers, dates, truth values, bytes, JSON and XML can be kept; anything else fails the request with 500.
/// </summary>
public sealed class CacheStoreValuePolicy : IPolicy<CacheStoreValuePolicy>
{
    private const string Name = "cache-store-value";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name };

    /// <summary><c>key</c>: 1 to 4 096 characters; all APIs share the keys; required. May be an expression.</summary>
    public required PolicySetting<string> Key { get; init; }

    /// <summary><c>value</c>: text, or an expression, whose result is kept with its type; required.</summary>
    public required PolicySetting<object?> Value { get; init; }

    /// <summary><c>duration</c>: how long, in seconds; required. With 0 nothing is kept. May be an expression.</summary>
    public required PolicySetting<int> Seconds { get; init; }

    /// <summary><c>caching-type</c>: <c>prefer-external</c> (default), <c>internal</c> or <c>external</c>.</summary>
    public CachingType Type { get; init; }

    /// <inheritdoc/>
    public static CacheStoreValuePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        foreach (var required in (string[])["value", "duration"])
        {
            if (!read.Has(required))
            {
                read.Error(required, $"The attribute '{required}' is missing.");
            }
        }

        var (key, value) = (read.ReadCacheKey(), read.ValueSetting("value"));
        var (seconds, type) = (read.IntegerSetting("duration", 0, CacheSettings.MaximumSeconds), read.ReadCachingType());
        read.End();
        return key is { } name && value is { } kept && seconds is { } duration
            ? new() { Key = name, Value = kept, Seconds = duration, Type = type }
            : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        if (Seconds.For(context) is > 0 and var seconds)
        {
            var key = Key.For(context);
            var bytes = CacheSettings.Write(context, Value.For(context), Name);
            _ = context.Cache.Store(Type, key, bytes, TimeSpan.FromSeconds(seconds), context.Elapsed);
        }

        return ValueTask.CompletedTask;
    }
}
