using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>What tokens of a counter were taken from.</summary>
internal abstract class EdgeGrant(LeasedCounter counter) : LimitGrant
{
    /// <summary>The counter.</summary>
    public LeasedCounter Counter { get; } = counter;

    /// <summary>Its tokens must not be used from here on.</summary>
    public abstract long Deadline { get; }

    /// <summary>True when its tokens may not be used any more.</summary>
    public bool IsOver(long now) => now >= Deadline;

    /// <summary>Says which tokens let a request pass.</summary>
    public abstract string Stamp(long count, DateTimeOffset at);

    /// <summary>Tokens were taken and are not used. Under the lock of the partition.</summary>
    /// <param name="hand">The counter's.</param>
    /// <param name="count">How many.</param>
    /// <param name="now">Now.</param>
    /// <param name="isOver">True when their time was over: they were not spent, and are not held either.</param>
    public abstract void Return(TokenHand hand, long count, long now, bool isOver);

    /// <summary>Tokens were taken after the end: they are not used.</summary>
    public void Void(long count) => Counter.Partition.PutBack(this, count, isOver: true);

    /// <inheritdoc />
    public override void GiveBack(long count = 1) => Counter.Partition.PutBack(this, count, isOver: false);
}

/// <summary>Tokens that one request took from two leases, as neither had enough.</summary>
internal sealed class SplitGrant(LeasedCounter counter, Lease first, long ofFirst, Lease second) : EdgeGrant(counter)
{
    /// <inheritdoc />
    public override long Deadline => Math.Min(first.Deadline, second.Deadline);

    /// <inheritdoc />
    public override string Stamp(long count, DateTimeOffset at) => $"{first.Stamp(ofFirst, at)}, {second.Stamp(count - ofFirst, at)}";

    /// <inheritdoc />
    public override void Return(TokenHand hand, long count, long now, bool isOver)
    {
        first.Return(hand, Math.Min(count, ofFirst), now, isOver);
        second.Return(hand, Math.Max(0, count - ofFirst), now, isOver);
    }
}

/// <summary>Lets requests pass in an outage, when there is no lease to take from.</summary>
/// <param name="counter">The counter.</param>
/// <param name="notedAt">When the one request was noted that it lets pass; null when it is for any.</param>
/// <param name="deadline">They pass until then.</param>
internal sealed class NoGrant(LeasedCounter counter, long? notedAt = null, long deadline = long.MaxValue) : EdgeGrant(counter)
{
    /// <summary>When the one request was noted that it lets pass; null when it is for any.</summary>
    public long? NotedAt => notedAt;

    /// <inheritdoc />
    public override long Deadline => deadline;

    /// <inheritdoc />
    public override string Stamp(long count, DateTimeOffset at) => new GrantName(Counter.Id, 0, 0).Stamp(0, count, at);

    /// <inheritdoc />
    public override void Return(TokenHand hand, long count, long now, bool isOver) => hand.Book.UndoPass(count, notedAt);
}
