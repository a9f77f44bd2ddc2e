using System.Collections.Concurrent;

namespace Gateway.Grains.Counters.Views;

/// <summary>How the partitions that are active in this silo are looked at, without activating any.</summary>
internal sealed class PartitionViews
{
    private readonly ConcurrentDictionary<int, Func<int, Task<PartitionView?>>> _active = new();

    /// <summary>An activation begins.</summary>
    /// <param name="partition">Its number.</param>
    /// <param name="describe">Describes so many of its most used counters, as one turn between its calls; null when it does not lend now. Called from any thread.</param>
    public void Enter(int partition, Func<int, Task<PartitionView?>> describe) => _active[partition] = describe;

    /// <summary>An activation has ended.</summary>
    public void Exit(int partition) => _active.TryRemove(partition, out _);

    /// <summary>Begins to look at all of them.</summary>
    public IReadOnlyList<Task<PartitionView?>> Describe(int most) => [.. _active.Values.Select(describe => describe(most))];
}
