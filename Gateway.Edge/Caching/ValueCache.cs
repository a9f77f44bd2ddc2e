using Gateway.Policies.Execution;

namespace Gateway.Edge.Caching;

/// <summary>Values in this edge's memory and in stores. What stands in a store is taken from memory for a moment only: another edge may change it.</summary>
internal sealed class ValueCache(CacheMemory memory, CacheLayers layers, CacheOptions options, TimeProvider time) : IValueCache
{
    private const string Prefix = "v:";

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(CachingType type, string key)
    {
        if (layers.For(type) is not { } layer)
        {
            return default;
        }

        var memoryKey = layer.KeyOf(key);
        if (memory.TryGet(memoryKey, out ReadOnlyMemory<byte> value))
        {
            CacheTelemetry.CountValue(CacheTelemetry.Memory);
            return new(value);
        }

        if (layer.Store is { } store)
        {
            return FindAsync(store, memoryKey, key);
        }

        CacheTelemetry.CountValue(CacheTelemetry.Miss);
        return default;
    }

    public void Store(CachingType type, string key, ReadOnlyMemory<byte> value, TimeSpan duration)
    {
        if (layers.For(type) is { } layer)
        {
            Keep(layer.KeyOf(key), key, value, layer.Store is null ? duration : Momentary(duration));
            layer.Store?.Set(Prefix + key, value, duration);
        }
    }

    public ValueTask<bool> RemoveAsync(CachingType type, string key)
    {
        if (layers.For(type) is not { } layer)
        {
            return new(true);
        }

        memory.Remove(layer.KeyOf(key));
        return layer.Store?.RemoveAsync(Prefix + key) ?? new(true);
    }

    private async ValueTask<ReadOnlyMemory<byte>?> FindAsync(RedisCacheStore store, object memoryKey, string key)
    {
        var found = await store.GetAsync(Prefix + key);
        if (found is { } value)
        {
            Keep(memoryKey, key, value, options.ValueMemoryLife);
        }

        CacheTelemetry.CountValue(found is null ? CacheTelemetry.Miss : CacheTelemetry.Store);
        return found;
    }

    private void Keep(object memoryKey, string key, ReadOnlyMemory<byte> value, TimeSpan life)
    {
        if (life > TimeSpan.Zero)
        {
            memory.Set(memoryKey, value, (2L * key.Length) + value.Length, time.GetUtcNow() + life);
        }
        else
        {
            memory.Remove(memoryKey);
        }
    }

    private TimeSpan Momentary(TimeSpan duration) => duration < options.ValueMemoryLife ? duration : options.ValueMemoryLife;
}
