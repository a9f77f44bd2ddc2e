using Gateway.Policies.Caching;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>Keeps responses, and counts the memory of those that are coming in.</summary>
internal sealed class FakeResponses : IResponseCache
{
    public Dictionary<(CachingType Type, ResponseKey Key), CachedEntry> Entries { get; } = [];

    public long Reserved { get; private set; }

    public bool IsFull { get; set; }

    public int MaximumEntryBytes { get; set; } = 100_000;

    public ValueTask<CacheFind> FindAsync(CachingType type, ResponseKey key, string? api, string? operation, bool isAnew) =>
        new(Entries.TryGetValue((type, key), out var entry) ? new CacheFind(entry, CacheResult.Memory, 0) : CacheFind.Nothing(0));

    public void Note(CachingType type, ResponseKey key, PolicyContext context, bool isHit)
    {
    }

    public Task<bool> Store(CachingType type, ResponseKey key, CachedEntry entry)
    {
        Entries[(type, key)] = entry;
        return Task.FromResult(true);
    }

    public bool TryReserve(long bytes)
    {
        if (!IsFull)
        {
            Reserved += bytes;
        }

        return !IsFull;
    }

    public void Release(long bytes) => Reserved -= bytes;
}
