using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Benchmarks.Counters;

/// <summary>A million live counters in the 256 partitions of a silo, each lent to and spent by one edge.</summary>
internal static class CounterMemoryUse
{
    private const int Counters = 1_000_000;
    private const int PerCall = 1000;

    public static void Report()
    {
        var edge = Guid.NewGuid();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var partitions = Enumerable.Range(0, CounterId.Partitions).Select(_ => new CounterPartition(epoch: 1, maxCounters: int.MaxValue)).ToArray();
        Array.ForEach(partitions, partition => partition.Learn(0, edge, []));
        var names = Enumerable.Range(0, Counters).Select(number => CounterId.Of($"client-{number}")).GroupBy(id => id.Partition).ToDictionary(group => group.Key, group => group.ToArray());
        var withNames = GC.GetTotalMemory(forceFullCollection: true) - before;
        var sequence = 0L;
        foreach (var (spent, now) in ((long, long)[])[(0, 0), (1, 10)])
        {
            foreach (var (number, ids) in names)
            {
                foreach (var part in ids.Chunk(PerCall))
                {
                    var lease = partitions[number].Acquire(now, Call(edge, ++sequence, part, spent)).Lease;
                    if (lease.Replies.Any(reply => reply.Granted == 0))
                    {
                        throw new InvalidOperationException("A counter lends nothing.");
                    }
                }
            }
        }

        var used = GC.GetTotalMemory(forceFullCollection: true) - before - withNames;
        GC.KeepAlive(partitions);
        GC.KeepAlive(names);
        Console.WriteLine($"memory: {Counters} live counters of one silo take {used >> 20} MB, {(double)used / Counters:F0} bytes each");
    }

    private static LeaseCall Call(Guid edge, long sequence, CounterId[] counters, long spent) => new()
    {
        Edge = edge,
        Observer = null!,
        Sequence = sequence,
        Epoch = 1,
        Requests = [.. counters.Select(counter => new LeaseRequest
        {
            Counter = counter,
            Definition = new CounterDefinition { Limit = 100, PeriodMilliseconds = 60_000 },
            Want = 1,
            Waiting = 1,
            Spent = spent,
        })],
    };
}
