using Gateway.Contracts.Caching;
using Gateway.Contracts.Results;

namespace Gateway.Management.Tests.Support;

/// <summary>Remembers what was purged and asked for.</summary>
public sealed class MemoryCaches
{
    public List<(string Cache, CacheScope Scope)> Purged { get; } = [];

    public GatewayError? Refusal { get; set; }

    public HotResponse[] Hot { get; set; } = [];

    public List<(string Cache, int Most)> Asked { get; } = [];

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

        public Task<HotResponse[]> Hottest(int most, CancellationToken cancellationToken)
        {
            _ = cancellationToken;
            caches.Asked.Add((cache, most));
            return Task.FromResult(caches.Hot);
        }
    }
}
