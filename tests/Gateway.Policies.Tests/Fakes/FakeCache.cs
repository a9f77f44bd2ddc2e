using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>Keeps values as told, and what it was told.</summary>
internal sealed class FakeCache : IValueCache
{
    public Dictionary<(CachingType Type, string Key), (ReadOnlyMemory<byte> Value, TimeSpan Duration)> Values { get; } = [];

    public bool IsAway { get; set; }

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(CachingType type, string key) =>
        new(!IsAway && Values.TryGetValue((type, key), out var found) ? found.Value : (ReadOnlyMemory<byte>?)null);

    public Task<bool> Store(CachingType type, string key, ReadOnlyMemory<byte> value, TimeSpan duration, TimeSpan age)
    {
        if (!IsAway)
        {
            Values[(type, key)] = (value, duration);
        }

        return Task.FromResult(!IsAway);
    }

    public ValueTask<bool> RemoveAsync(CachingType type, string key)
    {
        Values.Remove((type, key));
        return new(!IsAway);
    }
}
