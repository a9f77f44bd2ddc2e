using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>The state store: Redis 6 or later, or Garnet. Must not evict and should be append-only.</summary>
public sealed record RedisSettings
{
    /// <summary>StackExchange.Redis form, such as <c>redis-1:6379,password=…,ssl=true</c>. Needed by silos; by edges only without <c>Gateway:Edge:Silos</c>.</summary>
    [Secret, RedisConnection] public string? ConnectionString { get; init; }

    /// <summary>How long a silo tries to reach the store at its start before it ends with exit code 5.</summary>
    [Period("1s", "1h")] public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The bound of one command and of one connection attempt, unless the connection string says otherwise.</summary>
    [Period("100ms", "1m")] public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);
}
