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
    private const int MostBytesOfRateLimits = 400;
    private const int MostBytes = 1000;

    private readonly Guid _edge = Guid.NewGuid();

    /// <summary>As many in a partition as a million make in 256; each is lent to an edge, and spent.</summary>
    [Fact]
    public void RateLimits_FullOfKeysThatClientsChose_AreBounded()
    {
        const int most = 1_000_000 / CounterId.Partitions;
        var partition = new CounterPartition(1, most);
        var start = MemoryInUse();
        var sequence = 0;
        for (var spent = 0; spent < 2; spent++)
        {
            for (var key = 0; key < 2 * most; key++)
            {
                partition.Acquire(10 * spent, Call(++sequence, new CounterId((ulong)key, (ulong)key), partition.Knows(_edge) ? partition.Epoch : 0, spent));
            }
        }

        var each = (MemoryInUse() - start) / most;

        output.WriteLine($"{each} bytes a counter");
        Assert.Equal(most, partition.Count);
        Assert.InRange(each, 1, MostBytesOfRateLimits);
    }

    [Fact]
    public void Quotas_Many_StaySmall()
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
        var start = MemoryInUse();
        holder.Forget();
        var each = (start - MemoryInUse()) / most;

        output.WriteLine($"{each} bytes a quota");
        Assert.Equal(most, store.Records.Count);
        Assert.InRange(each, 1, MostBytes);
    }

    /// <summary>What tests before have left may go late, by finalizers and timers: taken when two looks in a row agree.</summary>
    private static long MemoryInUse()
    {
        var (before, now) = (long.MaxValue, GC.GetTotalMemory(forceFullCollection: true));
        for (var look = 0; look < 50 && before - now > now / 100; look++)
        {
            GC.WaitForPendingFinalizers();
            (before, now) = (now, GC.GetTotalMemory(forceFullCollection: true));
        }

        return now;
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
