using System.Text.Json;
using Gateway.Contracts.Caching;
using Gateway.Contracts.Results;
using Gateway.Grains.Storage;

namespace Gateway.Grains.Caching;

/// <summary>What is remembered of purges, in the state store: one entry for each cache.</summary>
internal sealed class RegionStore(RedisStore store)
{
    /// <summary>What is remembered; a null value when nothing is, errors when the store does not say.</summary>
    public Task<Result<CacheEpochs?>> ReadAsync(string cache) => store.TryAsync<CacheEpochs?>(async () =>
    {
        var text = (byte[]?)await store.Database.StringGetAsync(store.Keys.CacheRegion(cache));
        return text is null ? (CacheEpochs?)null : JsonSerializer.Deserialize(text, RegionJson.Default.CacheEpochs);
    });

    /// <summary>Remembers.</summary>
    public Task<Result<bool>> WriteAsync(string cache, CacheEpochs epochs) => store.TryAsync<bool>(
        async () => await store.Database.StringSetAsync(store.Keys.CacheRegion(cache), JsonSerializer.SerializeToUtf8Bytes(epochs, RegionJson.Default.CacheEpochs)));
}
