using Gateway.Grains.Storage;
using StackExchange.Redis;

namespace Gateway.Grains.Counters.Holding;

/// <summary>Ownership of partitions in the state store. Every change is fenced by the value read.</summary>
internal sealed class PartitionStore(RedisStore store)
{
    private static readonly TimeSpan WantedFor = TimeSpan.FromSeconds(5);

    // Longer than any window: after it nothing of the memory would count.
    private static readonly TimeSpan MemoryLife = TimeSpan.FromMinutes(6);

    /// <summary>The owner as stored; null for none.</summary>
    public async Task<string?> ReadOwnerAsync(int partition) => await store.Database.StringGetAsync(store.Keys.CounterOwner(partition));

    /// <summary>What the last holder handed over; null for nothing. And the store's time, not before that.</summary>
    public async Task<(byte[]? Memory, DateTimeOffset Time)> ReadMemoryAsync(int partition) =>
        (await store.Database.StringGetAsync(store.Keys.CounterMemory(partition)), await store.TimeAsync());

    /// <summary>The store's time.</summary>
    public Task<DateTimeOffset> TimeAsync() => store.TimeAsync();

    /// <summary>True while a silo's lease lives.</summary>
    public Task<bool> IsAliveAsync(string lease) => store.Database.KeyExistsAsync(store.Keys.CounterSilo(lease));

    /// <summary>Replaces the owner, if it is still the one expected (null: none). What was handed over is gone with that.</summary>
    public Task<bool> TakeAsync(int partition, string? expected, string owner) => ReplaceAsync(partition, expected, owner, null);

    /// <summary>Gives up ownership and leaves the memory to whoever follows.</summary>
    public Task<bool> ReleaseAsync(int partition, string owner, byte[]? memory) =>
        ReplaceAsync(partition, owner, (PartitionOwner.Parse(owner)! with { Lease = "" }).ToString(), memory);

    /// <summary>Asks the living holder, wherever it is, to hand over. In one go: a wish that never ended would make all holders leave again and again.</summary>
    public async Task WantAsync(int partition, string lease)
    {
        var transaction = store.Database.CreateTransaction();
        Task[] commands =
        [
            transaction.HashSetAsync(store.Keys.CounterWanted, partition, lease),
            transaction.KeyExpireAsync(store.Keys.CounterWanted, WantedFor),
        ];
        await transaction.ExecuteAsync();
        await Task.WhenAll(commands);
    }

    /// <summary>The partitions that other silos than this one wait for.</summary>
    public async Task<int[]> ReadWantedAsync(string lease) =>
        [.. (await store.Database.HashGetAllAsync(store.Keys.CounterWanted)).Where(wanted => wanted.Value != lease).Select(wanted => (int)wanted.Name)];

    private async Task<bool> ReplaceAsync(int partition, string? expected, string owner, byte[]? memory)
    {
        RedisKey ownerKey = store.Keys.CounterOwner(partition);
        RedisKey memoryKey = store.Keys.CounterMemory(partition);
        var transaction = store.Database.CreateTransaction();
        transaction.AddCondition(expected is null ? Condition.KeyNotExists(ownerKey) : Condition.StringEqual(ownerKey, expected));
        Task[] commands =
        [
            transaction.StringSetAsync(ownerKey, owner),
            memory is null ? transaction.KeyDeleteAsync(memoryKey) : transaction.StringSetAsync(memoryKey, memory, MemoryLife),
        ];
        if (!await transaction.ExecuteAsync())
        {
            return false;
        }

        await Task.WhenAll(commands);
        return true;
    }
}
