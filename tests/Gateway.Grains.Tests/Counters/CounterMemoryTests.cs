using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Tests.Counters.Quotas;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;

namespace Gateway.Grains.Tests.Counters;

/// <summary>The memory of the process is looked at, so nothing else may run beside these.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "memory";
}

/// <summary>What counters take in a silo's memory, however many keys clients choose.</summary>
[Collection(MemoryCollection.Name)]
public sealed class CounterMemoryTests(ITestOutputHelper output)
{
    private const int MostBytes = 400;

    private readonly Guid _edge = Guid.NewGuid();

    /// <summary>As many in a partition as a million make in 256; each is lent to an edge, and spent.</summary>
    [Fact]
    public void RateLimits_FullOfKeysThatClientsChose_AreBounded() => Assert.InRange(Usual("counter", BytesOfARateLimit), 1, MostBytes);

    [Fact]
    public void Quotas_Many_StaySmall() => Assert.InRange(Usual("quota", BytesOfAQuota), 1, MostBytes);

    private long BytesOfARateLimit()
    {
        const int most = 1_000_000 / CounterId.Partitions;
        var partition = new CounterPartition(1, most);
        var start = GC.GetTotalMemory(forceFullCollection: true);
        var sequence = 0;
        for (var spent = 0; spent < 2; spent++)
        {
            for (var key = 0; key < 2 * most; key++)
            {
                partition.Acquire(10 * spent, Call(++sequence, new CounterId((ulong)key, (ulong)key), partition.Knows(_edge) ? partition.Epoch : 0, spent));
            }
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - start) / most;
        Assert.Equal(most, partition.Count);
        return each;
    }

    private long BytesOfAQuota()
    {
        const int most = 20_000;
        var store = new FakeQuotaStore();
        var holder = new QuotaHolder(store, new FakeTimeProvider(), most: most);
        var sequence = 1;
        foreach (var chunk in Enumerable.Range(0, most).Select(number => CounterId.Of($"{number}")).Chunk(500))
        {
            holder.AskOf(_edge, chunk, sequence++);
            holder.AskOf(_edge, chunk, sequence++);
        }

        store.Records.TrimExcess();
        var start = GC.GetTotalMemory(forceFullCollection: true);
        holder.Forget();
        var each = (start - GC.GetTotalMemory(forceFullCollection: true)) / most;
        Assert.Equal(most, store.Records.Count);
        return each;
    }

    /// <summary>The middle one of several: what tests before have left in memory goes at some moment, and spoils the one that it falls into.</summary>
    private long Usual(string what, Func<long> measure)
    {
        var bytes = Enumerable.Range(0, 7).Select(_ => measure()).Order().ToArray();
        output.WriteLine($"{bytes[3]} bytes a {what} ({string.Join(", ", bytes)})");
        return bytes[3];
    }

    private LeaseCall Call(int sequence, CounterId counter, long epoch, long spent) => new()
    {
        Edge = _edge,
        Observer = null!,
        Sequence = sequence,
        Epoch = epoch,
        Requests = [new LeaseRequest { Counter = counter, Definition = new() { Limit = 20, PeriodMilliseconds = 60_000 }, Want = 1, Spent = spent }],
    };
}
