using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>What the last answer of a partition said of a counter. Written under the lock of the partition, read without.</summary>
internal sealed class SiteView(CounterClock clock)
{
    private RemainingView? _view;
    private long _remaining;
    private long _periodEnds = long.MaxValue;

    /// <summary>What the site had left.</summary>
    public long Remaining => Volatile.Read(ref _remaining);

    /// <summary>Edges that share the counter; 0 before the first answer.</summary>
    public int ActiveEdges { get; private set; }

    /// <summary>When it came.</summary>
    public long AnsweredAt { get; private set; }

    /// <summary>Of a quota: when its period ends; <see cref="long.MaxValue"/> for never, and when that is not known.</summary>
    public long PeriodEnds => Volatile.Read(ref _periodEnds);

    /// <summary>True when the partition cannot grant because its store is away.</summary>
    public bool IsStoreAway { get; private set; }

    /// <summary>Takes an answer.</summary>
    public void Hear(LeaseReply reply, long now)
    {
        Volatile.Write(ref _remaining, reply.Remaining);
        Volatile.Write(ref _periodEnds, reply.PeriodEndsInMilliseconds > 0 ? now + clock.Ticks(reply.PeriodEndsInMilliseconds) : long.MaxValue);
        ActiveEdges = Math.Max(1, reply.ActiveEdges);
        AnsweredAt = now;
        IsStoreAway = reply.IsStoreAway;
    }

    /// <summary>What is told to a client.</summary>
    /// <param name="own">Tokens in hand.</param>
    /// <param name="now">Now.</param>
    /// <param name="ends">When a window ends that begins now, or the period.</param>
    public long Tell(long own, long now, long ends) => ActiveEdges > 1 ? (_view ??= new()).Of(own + Remaining, now, ends) : own + Remaining;
}
