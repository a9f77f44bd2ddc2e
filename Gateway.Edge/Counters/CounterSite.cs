using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>A partition of the site's counters by its number.</summary>
internal delegate ICounterPartitionGrain PartitionSource(int partition);

/// <summary>This edge as partitions can call it; made when the first call needs it.</summary>
internal delegate ICounterEdge EdgeReference();

/// <summary>What all counters of this edge share.</summary>
internal sealed class CounterSite(
    CounterOptions options, CounterClock clock, SiloContact contact, PartitionSource partitions, EdgeReference reference, ILogger<CounterSite> logger)
{
    private static readonly TimeSpan RecallKeeps = TimeSpan.FromMilliseconds(5);

    private int _waiters;
    private int _counters;

    /// <summary>This life of the edge.</summary>
    public Guid Edge { get; } = Guid.NewGuid();

    public CounterOptions Options { get; } = options;

    public CounterClock Clock { get; } = clock;

    public SiloContact Contact { get; } = contact;

    public ILogger Logger { get; } = logger;

    /// <summary>What a recall leaves: the use of this time, in ticks.</summary>
    public long KeptAtRecall { get; } = clock.Ticks(RecallKeeps);

    /// <summary>Requests that wait.</summary>
    public int Waiters => Volatile.Read(ref _waiters);

    /// <summary>Counters that are kept.</summary>
    public int Counters => Volatile.Read(ref _counters);

    /// <summary>Calls a partition.</summary>
    public Task<LeaseAnswer> AcquireAsync(int partition, long sequence, long epoch, LeaseRequest[] requests) =>
        partitions(partition).Acquire(
            new() { Edge = Edge, Observer = reference(), Sequence = sequence, Epoch = epoch, Requests = requests }, CancellationToken.None);

    /// <summary>Lets one more request wait; false when too many do.</summary>
    public bool TryWait() => TryCount(ref _waiters, Options.MaximumWaiters);

    /// <summary>One request less waits.</summary>
    public void Leave() => Interlocked.Decrement(ref _waiters);

    /// <summary>Makes room for one more counter; false when there are too many.</summary>
    public bool TryAddCounter() => TryCount(ref _counters, Options.MaximumCounters);

    /// <summary>One counter more is kept, which was there a moment ago.</summary>
    public void KeepCounter() => Interlocked.Increment(ref _counters);

    /// <summary>One counter less is kept.</summary>
    public void RemoveCounter() => Interlocked.Decrement(ref _counters);

    private static bool TryCount(ref int count, int most)
    {
        if (Interlocked.Increment(ref count) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        return false;
    }
}
