using System.Text.Json;
using Gateway.Contracts.Caching;
using Gateway.Contracts.Results;
using Gateway.Grains.Storage;
using StackExchange.Redis;

namespace Gateway.Grains.Caching;

/// <summary>What is remembered of the purges of a cache.</summary>
/// <param name="Text">As it is stored; null when nothing is.</param>
/// <param name="Epochs">What it says.</param>
internal sealed record RememberedPurges(byte[]? Text, CacheEpochs? Epochs);

/// <summary>What is remembered of purges, in the state store: one entry for each cache.</summary>
internal sealed class RegionStore(RedisStore store)
{
    /// <summary>What is remembered; errors when the store does not say.</summary>
    public Task<Result<RememberedPurges>> ReadAsync(string cache) => store.TryAsync<RememberedPurges>(async () =>
    {
        var text = (byte[]?)await store.Database.StringGetAsync(store.Keys.CacheRegion(cache));
        return new RememberedPurges(text, text is null ? null : JsonSerializer.Deserialize(text, RegionJson.Default.CacheEpochs));
    });

    /// <summary>Remembers, when nobody else has since what is there was read.</summary>
    /// <param name="cache">The cache's id.</param>
    /// <param name="epochs">What is to be remembered.</param>
    /// <param name="before">What was remembered.</param>
    /// <returns>What is remembered now; null when somebody else was first; errors when the store does not say whether it did.</returns>
    public Task<Result<RememberedPurges?>> TryWriteAsync(string cache, CacheEpochs epochs, RememberedPurges before) => store.TryAsync<RememberedPurges?>(async () =>
    {
        RedisKey key = store.Keys.CacheRegion(cache);
        var next = new RememberedPurges(JsonSerializer.SerializeToUtf8Bytes(epochs, RegionJson.Default.CacheEpochs), epochs);
        var transaction = store.Database.CreateTransaction();
        transaction.AddCondition(before.Text is null ? Condition.KeyNotExists(key) : Condition.StringEqual(key, before.Text));
        _ = transaction.StringSetAsync(key, next.Text);
        return await transaction.ExecuteAsync() ? next : (RememberedPurges?)null;
    });
}
