using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>A partition of the site's counters by its number.</summary>
internal delegate ICounterPartitionGrain PartitionSource(int partition);

/// <summary>This edge as partitions can call it; made when the first call needs it.</summary>
internal delegate ICounterEdge EdgeReference();

/// <summary>What all counters of this edge share.</summary>
internal sealed partial class CounterSite(
    CounterOptions options, CounterClock clock, SiloContact contact, PartitionSource partitions, EdgeReference reference, ILogger<CounterSite> logger)
{
    private static readonly TimeSpan RecallKeeps = TimeSpan.FromMilliseconds(5);

    private int _waiters;
    private int _counters;
    private int _away;

    /// <summary>This life of the edge.</summary>
    public Guid Edge { get; init; } = Guid.NewGuid();

    public CounterOptions Options { get; } = options;

    public CounterClock Clock { get; } = clock;

    public SiloContact Contact { get; } = contact;

    /// <summary>What a recall leaves: the use of this time, in ticks.</summary>
    public long KeptAtRecall { get; } = clock.Ticks(RecallKeeps);

    /// <summary>Requests that wait.</summary>
    public int Waiters => Volatile.Read(ref _waiters);

    /// <summary>Counters that are kept.</summary>
    public int Counters => Volatile.Read(ref _counters);

    /// <summary>A grant as requests get it: with the time where stamps are asked for.</summary>
    public EdgeGrant Stamped(EdgeGrant grant) => Options.Stamp ? new AdmissionStamp(grant, Clock.Time.GetUtcNow()) : grant;

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

    /// <summary>A partition has stopped to answer: said for the first of them.</summary>
    public void NoteAway(int partition, Exception failure)
    {
        if (Interlocked.Increment(ref _away) == 1)
        {
            Log.Away(logger, partition, failure.GetType().Name, failure.Message);
        }
    }

    /// <summary>It answers again: said for the last of them.</summary>
    public void NoteBack()
    {
        if (Interlocked.Decrement(ref _away) == 0)
        {
            Log.Back(logger);
        }
    }

    private static bool TryCount(ref int count, int most)
    {
        if (Interlocked.Increment(ref count) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Partition {Partition} of the counters does not answer ({Failure}: {Reason}); it is asked again, as are others that do not.")]
        public static partial void Away(ILogger logger, int partition, string failure, string reason);

        [LoggerMessage(2, LogLevel.Information, "All partitions of the counters that were asked answer again.")]
        public static partial void Back(ILogger logger);
    }
}
