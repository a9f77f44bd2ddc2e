using System.Diagnostics.Metrics;
using Gateway.Contracts.Counters;
using Gateway.Grains.Counters;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Counters.Quotas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Grains.Tests.Counters.Quotas;

/// <summary>An activation of one partition with one quota, over a store in memory.</summary>
internal sealed class QuotaHolder
{
    public static readonly CounterId Counter = CounterId.Of("managed", "quota");

    private readonly Dictionary<Guid, long> _sequences = [];
    private readonly FakeTimeProvider _clock;
    private readonly MonotonicTime _time;
    private readonly QuotaKeeper _keeper;

    public QuotaHolder(FakeQuotaStore store, FakeTimeProvider clock, long epoch = 1, int most = 100)
    {
        (_clock, Store) = (clock, store);
        _time = new MonotonicTime(clock);
        Partition = new CounterPartition(epoch, most);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        _keeper = new QuotaKeeper(Counter.Partition, store, new CounterOptions(), new CounterTelemetry(meters), _time, clock, NullLogger.Instance);
    }

    public FakeQuotaStore Store { get; }

    public CounterPartition Partition { get; private set; }

    public CounterDefinition Definition { get; set; } = new() { Limit = 100, PeriodMilliseconds = 0, Quota = new QuotaPeriod(3600, DateTimeOffset.UnixEpoch) };

    public long Now => _time.Now;

    public QuotaLedger Ledger => Partition.Quota(Now, Counter, Definition)!;

    public (long Start, long End, long Used) View => Ledger.View(Now);

    /// <summary>Time goes by, also the store's.</summary>
    public void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        Store.Time += (long)time.TotalMilliseconds;
    }

    /// <summary>One call, and what it leads to in the store.</summary>
    public LeaseReply Ask(Guid edge, long want, long spent = 0, long held = 0, long owed = 0, long? sequence = null, long least = 0)
    {
        var answer = Partition.Acquire(Now, new LeaseCall
        {
            Edge = edge,
            Observer = null!,
            Sequence = sequence ?? (_sequences[edge] = _sequences.GetValueOrDefault(edge) + 1),
            Epoch = Partition.Knows(edge) ? Partition.Epoch : 0,
            Requests = [new LeaseRequest { Counter = Counter, Definition = Definition, Want = want, Spent = spent, Held = held, Owed = owed, Least = least, Waiting = (int)least }],
        });
        Recalled.UnionWith(answer.Recalls?.Select(recall => recall.Edge) ?? []);
        Go();
        return answer.Lease.Replies.Single();
    }

    /// <summary>One call about many counters.</summary>
    public void AskOf(Guid edge, CounterId[] counters, long sequence)
    {
        Partition.Acquire(Now, new LeaseCall
        {
            Edge = edge,
            Observer = null!,
            Sequence = sequence,
            Epoch = Partition.Knows(edge) ? Partition.Epoch : 0,
            Requests = [.. counters.Select(counter => new LeaseRequest
            {
                Counter = counter,
                Definition = Definition,
                Want = 1,
                Label = QuotaLabel.OfKey("managed", QuotaMeasure.Calls, $"caller {counter}"),
            })],
        });
        Go();
    }

    /// <summary>All that is known is gone.</summary>
    public void Forget() => Partition = new CounterPartition(1, 1);

    /// <summary>The edges that the partition asked for tokens.</summary>
    public HashSet<Guid> Recalled { get; } = [];

    /// <summary>Takes and spends until nothing comes, at once.</summary>
    /// <returns>How many were spent.</returns>
    public long SpendAll(Guid edge, long most = long.MaxValue)
    {
        var (spent, news, dry) = (0L, 0L, 0);
        while (dry < 5 && spent < most)
        {
            var reply = Ask(edge, Math.Min(10, most - spent), spent: news);
            news = Math.Min(reply.Granted, most - spent);
            spent += news;
            dry = reply.Granted > 0 ? 0 : dry + 1;
            if (reply is { Granted: 0, IsSpent: true })
            {
                break;
            }

            Pass(TimeSpan.FromMilliseconds(30));
        }

        Ask(edge, 0, spent: news);
        return spent;
    }

    /// <summary>What a tick does.</summary>
    public void Tick()
    {
        Partition.Sweep(Now);
        Go();
    }

    public void Set(long count)
    {
        Ledger.Set(count, Now);
        Go();
    }

    /// <summary>Ends in order, and begins again elsewhere with what was written down.</summary>
    public QuotaHolder HandOver()
    {
        _keeper.ReturnAsync(Partition, "owner").GetAwaiter().GetResult();
        var next = new QuotaHolder(Store, _clock) { Definition = Definition };
        next.Partition = CounterPartition.Read(Partition.Write(Now), next.Now, 100);
        foreach (var (edge, sequence) in _sequences)
        {
            next._sequences[edge] = sequence;
        }

        return next;
    }

    public void Go() => _keeper.GoAsync(Partition, "owner").GetAwaiter().GetResult();
}
