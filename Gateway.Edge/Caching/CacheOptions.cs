using Gateway.Hosting.Settings;

namespace Gateway.Edge.Caching;

/// <summary>How an edge caches. The host fills it from its settings.</summary>
public sealed record CacheOptions
{
    /// <summary>The memory, in bytes, that cached responses and values may take. 64 MiB.</summary>
    public long MemoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The longest response, in bytes, that is cached: its headers and its body. 2 MiB.</summary>
    public int ResponseBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>The store that the edges of the site share as the gateway's own cache; null for each edge's memory only. Not to be logged.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>After this time a request no longer waits for a store.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A store that fails is left alone for this time.</summary>
    public TimeSpan StorePause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True: stores are read from their replicas while these answer.</summary>
    public bool ReadsReplicas { get; init; }

    /// <summary>For so long a value that stands in a store is taken from memory: another edge's change of it is seen that much later at most.</summary>
    public TimeSpan ValueMemoryLife { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For so long at most a request waits for another that makes what it misses.</summary>
    public TimeSpan RefillWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For so long at most a request that misses something waits for a silo to say who makes it.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>For so long what is known of purges counts without word of a silo; then nothing that is cached is used.</summary>
    public TimeSpan EpochLife { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Purges of a cache that was not used for so long are followed no more.</summary>
    internal TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>So often silos are told which responses requests look for most.</summary>
    internal TimeSpan ReportPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the settings say.</summary>
    internal static CacheOptions From(CacheSettings settings) => new()
    {
        MemoryBytes = (long)settings.MemoryMegabytes << 20,
        ResponseBytes = settings.ResponseMegabytes << 20,
        ConnectionString = settings.ConnectionString,
        StoreTimeout = settings.StoreTimeout,
        StorePause = settings.StorePause,
        ReadsReplicas = settings.ReadReplicas,
        ValueMemoryLife = settings.ValueMemoryLife,
        RefillWait = settings.RefillWait,
        ElectionTimeout = settings.ElectionTimeout,
        EpochLife = settings.EpochLife,
    };
}
