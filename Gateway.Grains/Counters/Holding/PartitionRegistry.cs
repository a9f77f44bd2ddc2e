using System.Collections.Concurrent;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Counters.Holding;

/// <summary>The partitions that live in this silo, and the memory of those that ended without being able to hand over.</summary>
internal sealed class PartitionRegistry
{
    private readonly ConcurrentDictionary<int, Action> _active = new();
    private readonly ConcurrentDictionary<int, (string Owner, CounterPartition Partition)> _kept = new();

    /// <summary>An activation begins.</summary>
    /// <param name="partition">Its number.</param>
    /// <param name="leave">Makes it hand over and end; called from any thread.</param>
    public void Enter(int partition, Action leave) => _active[partition] = leave;

    /// <summary>An activation has ended.</summary>
    public void Exit(int partition) => _active.TryRemove(partition, out _);

    /// <summary>The partitions active here.</summary>
    public IReadOnlyCollection<int> Active => [.. _active.Keys];

    /// <summary>Makes a partition leave this silo.</summary>
    /// <returns>False when it is not active here.</returns>
    public bool Leave(int partition)
    {
        if (!_active.TryGetValue(partition, out var leave))
        {
            return false;
        }

        leave();
        return true;
    }

    /// <summary>Keeps the memory of a partition that could not be handed over, for the next activation in this silo.</summary>
    public void Keep(int partition, string owner, CounterPartition memory) => _kept[partition] = (owner, memory);

    /// <summary>The memory kept, when the store still names its activation as the owner.</summary>
    public CounterPartition? Recover(int partition, string owner) =>
        _kept.TryRemove(partition, out var kept) && kept.Owner == owner ? kept.Partition : null;
}
