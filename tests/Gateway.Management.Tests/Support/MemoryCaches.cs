using Gateway.Contracts.Caching;
using Gateway.Contracts.Results;

namespace Gateway.Management.Tests.Support;

/// <summary>Remembers what was purged.</summary>
public sealed class MemoryCaches
{
    public List<(string Cache, CacheScope Scope)> Purged { get; } = [];

    public GatewayError? Refusal { get; set; }

    public Region Of(string cache) => new(this, cache);

    public sealed class Region(MemoryCaches caches, string cache)
    {
        public Task<Result<long>> Purge(CacheScope scope, CancellationToken cancellationToken)
        {
            _ = cancellationToken;
            if (caches.Refusal is { } refusal)
            {
                return Task.FromResult<Result<long>>(refusal);
            }

            caches.Purged.Add((cache, scope));
            return Task.FromResult<Result<long>>(caches.Purged.Count);
        }
    }
}
