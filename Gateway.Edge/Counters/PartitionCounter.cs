using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>A counter of this edge, as the calls to its partition see it. Under the lock of the partition.</summary>
internal abstract class PartitionCounter(CounterPartition partition, CounterId id)
{
    /// <summary>Where it belongs.</summary>
    public CounterPartition Partition { get; } = partition;

    /// <summary>Its name.</summary>
    public CounterId Id { get; } = id;

    /// <summary>Set while it waits to be part of a call.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Set while a call is under way that it is part of.</summary>
    public bool IsAsking { get; protected set; }

    /// <summary>It is not asked before.</summary>
    public long NotBefore { get; protected set; } = long.MinValue;

    /// <summary>Set when it was removed: a request that still has it looks for its successor.</summary>
    public bool IsDropped { get; set; }

    /// <summary>True when it has to be looked after.</summary>
    public abstract bool IsLive { get; }

    /// <summary>True when there is something to ask or that has to be said.</summary>
    public abstract bool HasBusiness { get; }

    /// <summary>True when there is something that a call can say by the way.</summary>
    public virtual bool HasNews => false;

    /// <summary>What it lets pass without its partition in one window, since that has not decided; null when that is not bounded.</summary>
    public virtual long? Bound => 0;

    /// <summary>What a call to the partition says and asks.</summary>
    public abstract LeaseRequest Ask(long now);

    /// <summary>The call got no answer: what it said may have been heard or not.</summary>
    /// <param name="sequence">The call.</param>
    public abstract void GiveUp(long sequence);

    /// <summary>The partition was not ready, and has not listened.</summary>
    public abstract void Postpone(long until);

    /// <summary>Takes the partition's answer.</summary>
    public abstract void Answer(LeaseRequest request, LeaseReply reply, long epoch, long sent, long now);

    /// <summary>Ends what has ended.</summary>
    public abstract void Beat(long now);

    /// <summary>Others wait, or the count was set: keeps only what is used in a moment, and asks anew.</summary>
    public abstract void Recall(long now);

    /// <summary>The edge ends as planned, and its requests have ended: gives back what is in hand.</summary>
    public abstract void Quit(long now);

    /// <summary>Goes on with what is in hand under an epoch, which its partition has from then on; the same one when it is asked again.</summary>
    /// <returns>What is known of it; null when that is nothing.</returns>
    public abstract CounterMemory? Echo(long now, long epoch);

    /// <summary>What is in hand is worth nothing any more.</summary>
    public abstract void Invalidate(long now);

    /// <summary>Nobody may use it any more: sees to it that its partition hears what is to be known when it is forgotten.</summary>
    public virtual void Tidy()
    {
    }

    /// <summary>True when nothing is lost by forgetting it.</summary>
    public abstract bool IsIdle(long now);
}
