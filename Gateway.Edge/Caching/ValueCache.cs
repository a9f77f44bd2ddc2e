using System.Buffers.Binary;
using Gateway.Policies.Execution;
using StackExchange.Redis;

namespace Gateway.Edge.Caching;

/// <summary>Values in this edge's memory and in stores. What stands in a store is taken from memory for a moment only: another edge may change it.</summary>
internal sealed class ValueCache(CacheMemory memory, CacheLayers layers, CacheOptions options, TimeProvider time) : IValueCache
{
    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(CachingType type, string key)
    {
        if (layers.For(type) is not { } layer)
        {
            return default;
        }

        if (!layer.Region.TryGet(out var purges))
        {
            return ConfirmAndFindAsync(layer, key);
        }

        var memoryKey = layer.KeyOf(key);
        if (memory.TryGet(memoryKey, out Kept? kept) && purges.Allow(kept.Epoch, key))
        {
            CacheTelemetry.CountValue(CacheTelemetry.Memory);
            return new(kept.Value);
        }

        if (layer.Store is { } store)
        {
            return FindAsync(store, purges, memoryKey, key);
        }

        CacheTelemetry.CountValue(CacheTelemetry.Miss);
        return default;
    }

    public Task<bool> Store(CachingType type, string key, ReadOnlyMemory<byte> value, TimeSpan duration, TimeSpan age)
    {
        if (layers.For(type) is not { } layer)
        {
            return RedisCacheStore.Not;
        }

        var begun = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);
        return layer.Region.TryGet(out var purges) ? Store(layer, purges, begun, key, value, duration) : ConfirmAndStoreAsync(layer, begun, key, value, duration);
    }

    public ValueTask<bool> RemoveAsync(CachingType type, string key)
    {
        if (layers.For(type) is not { } layer)
        {
            return new(true);
        }

        memory.Remove(layer.KeyOf(key));
        return layer.Store?.RemoveAsync(KeyIn(layer.Store, key)) ?? new(true);
    }

    private static RedisKey KeyIn(RedisCacheStore store, string key) => store.KeyOf('v', key);

    private Task<bool> Store(CacheLayer layer, CachePurges purges, long begun, string key, ReadOnlyMemory<byte> value, TimeSpan duration)
    {
        if (purges.EpochAt(begun) is not { } epoch)
        {
            return RedisCacheStore.Not;
        }

        var kept = new Kept(epoch, value);
        Keep(layer.KeyOf(key), key, kept, layer.Store is null ? duration : Momentary(duration));
        return layer.Store?.Set(KeyIn(layer.Store, key), kept.Write(), duration) ?? RedisCacheStore.Not;
    }

    // On an edge that has not used the cache for a while.
    private async Task<bool> ConfirmAndStoreAsync(CacheLayer layer, long begun, string key, ReadOnlyMemory<byte> value, TimeSpan duration) =>
        await layer.Region.ConfirmAsync() is { } purges && await Store(layer, purges, begun, key, value, duration);

    private async ValueTask<ReadOnlyMemory<byte>?> ConfirmAndFindAsync(CacheLayer layer, string key)
    {
        if (await layer.Region.ConfirmAsync() is not { } purges)
        {
            CacheTelemetry.CountValue(CacheTelemetry.Miss);
            return null;
        }

        var memoryKey = layer.KeyOf(key);
        if (memory.TryGet(memoryKey, out Kept? kept) && purges.Allow(kept.Epoch, key))
        {
            CacheTelemetry.CountValue(CacheTelemetry.Memory);
            return kept.Value;
        }

        return layer.Store is { } store ? await FindAsync(store, purges, memoryKey, key) : null;
    }

    private async ValueTask<ReadOnlyMemory<byte>?> FindAsync(RedisCacheStore store, CachePurges purges, object memoryKey, string key)
    {
        var found = await store.GetAsync(KeyIn(store, key)) is { IsNull: false } bytes ? Kept.Read(bytes) : null;
        if (found is null || !purges.Allow(found.Epoch, key))
        {
            CacheTelemetry.CountValue(CacheTelemetry.Miss);
            return null;
        }

        Keep(memoryKey, key, found, options.ValueMemoryLife);
        CacheTelemetry.CountValue(CacheTelemetry.Store);
        return found.Value;
    }

    private void Keep(object memoryKey, string key, Kept kept, TimeSpan life)
    {
        if (life > TimeSpan.Zero)
        {
            memory.Set(memoryKey, kept, (2L * key.Length) + kept.Value.Length, time.GetUtcNow() + life);
        }
        else
        {
            memory.Remove(memoryKey);
        }
    }

    private TimeSpan Momentary(TimeSpan duration) => duration < options.ValueMemoryLife ? duration : options.ValueMemoryLife;

    /// <summary>A value, and the epoch in which the request began that made it. In stores the epoch, eight bytes, stands first.</summary>
    private sealed record Kept(long Epoch, ReadOnlyMemory<byte> Value)
    {
        public static Kept? Read(ReadOnlyMemory<byte> bytes) =>
            bytes.Length > sizeof(long) ? new(BinaryPrimitives.ReadInt64LittleEndian(bytes.Span), bytes[sizeof(long)..]) : null;

        public ReadOnlyMemory<byte> Write()
        {
            var bytes = new byte[sizeof(long) + Value.Length];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, Epoch);
            Value.CopyTo(bytes.AsMemory(sizeof(long)));
            return bytes;
        }
    }
}
