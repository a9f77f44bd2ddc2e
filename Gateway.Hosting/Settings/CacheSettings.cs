using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>Cached responses and values. All of it may be lost at any time.</summary>
public sealed record CacheSettings
{
    /// <summary>The cache store, in StackExchange.Redis form. Default: the state store, under another prefix.</summary>
    [Secret, RedisConnection] public string? ConnectionString { get; init; }

    /// <summary>The memory of an edge, in MB, that cached responses and values may take.</summary>
    [Between(1, 65_536)] public int MemoryMegabytes { get; init; } = 64;

    /// <summary>The longest response, in MB, that is cached: its headers and its body.</summary>
    [Between(1, 64)] public int ResponseMegabytes { get; init; } = 2;
}
