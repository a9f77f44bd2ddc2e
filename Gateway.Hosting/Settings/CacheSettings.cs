using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>Cached responses and values of edges. All of it may be lost at any time.</summary>
public sealed record CacheSettings
{
    /// <summary>The store of the gateway's own cache, in StackExchange.Redis form: Redis 6 or later, or Garnet; it may evict, and should not be the state store. Without one each edge caches in its own memory only.</summary>
    [Secret, RedisConnection] public string? ConnectionString { get; init; }

    /// <summary>The memory of an edge, in MB, that cached responses and values may take.</summary>
    [Between(1, 65_536)] public int MemoryMegabytes { get; init; } = 64;

    /// <summary>The longest response, in MB, that is cached: its headers and its body.</summary>
    [Between(1, 64)] public int ResponseMegabytes { get; init; } = 2;

    /// <summary>After this time a request no longer waits for a store and goes on as if it had nothing.</summary>
    [Period("5ms", "10s")] public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>For so long no request asks a store of which half of the commands have failed.</summary>
    [Period("500ms", "5m")] public TimeSpan StorePause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True: stores are read from their replicas while these answer.</summary>
    public bool ReadReplicas { get; init; }

    /// <summary>For so long a value of <c>cache-store-value</c> in a store is taken from an edge's memory: a change by another edge is seen that much later at most.</summary>
    [Period("0s", "1m")] public TimeSpan ValueMemoryLife { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For so long at most a request waits for another, on any edge, that makes the response or value which it misses; then it asks the backend itself.</summary>
    [Period("0s", "1m")] public TimeSpan RefillWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For so long at most a request that misses something in a store waits for a silo to say which edge makes it; then each edge sees to that by itself, for two seconds.</summary>
    [Period("10ms", "5s")] public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A purge is so for an edge after this time at most: one that hears nothing of the silos for so long uses nothing that is cached. Longer keeps the cache while all silos are away.</summary>
    [Period("200ms", "1h")] public TimeSpan EpochLife { get; init; } = TimeSpan.FromSeconds(1);
}
