namespace Gateway.Edge.Counters;

/// <summary>
/// Tokens of one grant in the hand of this edge. Requests take them without a lock; everything else about a lease happens under the
/// lock of its partition. What was taken and not put back is what the lease has lost since it began.
/// </summary>
internal sealed class Lease : EdgeGrant
{
    /// <summary>Far enough below zero that nothing brings it back.</summary>
    private const long Shut = long.MinValue / 2;

    /// <summary>Slices smaller than this are not worth a call before they are used up.</summary>
    private const long LeastToPrefetch = 8;

    private long _tokens;

    public Lease(LeasedCounter counter, long epoch, GrantName grant, long tokens, long began, long deadline)
        : base(counter)
    {
        _tokens = tokens;
        Epoch = epoch;
        Grant = grant;
        Began = UsedAt = began;
        Deadline = deadline;
        Unaccounted = tokens;
        Size = tokens;
        PrefetchAt = tokens >= LeastToPrefetch ? tokens / 4 : -1;
    }

    /// <summary>The partition's epoch in which it is valid.</summary>
    public long Epoch { get; }

    /// <summary>The grant that its tokens come from.</summary>
    public GrantName Grant { get; }

    /// <summary>How many tokens it began with.</summary>
    public long Size { get; }

    /// <summary>When it began.</summary>
    public long Began { get; }

    /// <inheritdoc />
    public override long Deadline { get; }

    /// <summary>When so many are left, more are asked for; -1 never.</summary>
    public long PrefetchAt { get; }

    /// <summary>When a token of it was seen to be gone. Under the lock.</summary>
    public long UsedAt { get; set; }

    /// <summary>Tokens it had when it was looked at last. Under the lock.</summary>
    public long Unaccounted { get; set; }

    /// <summary>Which of the counter's reports was the next when it was shut. Under the lock.</summary>
    public long ShutBefore { get; set; }

    /// <summary>Set when tokens were taken away from it: then it says nothing about how long a slice lasts. Under the lock.</summary>
    public bool IsStripped { get; set; }

    /// <summary>Tokens in hand.</summary>
    public long Tokens => Math.Max(0, Volatile.Read(ref _tokens));

    /// <summary>True when nothing can be taken or put back any more.</summary>
    public bool IsShut => Volatile.Read(ref _tokens) < 0;

    /// <summary>Takes tokens, all or none.</summary>
    public bool TryTake(long count, out long left)
    {
        var seen = Volatile.Read(ref _tokens);
        while (seen >= count)
        {
            var before = Interlocked.CompareExchange(ref _tokens, seen - count, seen);
            if (before == seen)
            {
                left = seen - count;
                return true;
            }

            seen = before;
        }

        left = 0;
        return false;
    }

    /// <summary>Takes as many of some as there are.</summary>
    /// <returns>How many.</returns>
    public long TakeUpTo(long count)
    {
        var seen = Volatile.Read(ref _tokens);
        while (seen > 0)
        {
            var taken = Math.Min(seen, count);
            var before = Interlocked.CompareExchange(ref _tokens, seen - taken, seen);
            if (before == seen)
            {
                return taken;
            }

            seen = before;
        }

        return 0;
    }

    /// <summary>Puts tokens back, unless it is shut.</summary>
    public bool TryPutBack(long count)
    {
        var seen = Volatile.Read(ref _tokens);
        while (seen >= 0)
        {
            var before = Interlocked.CompareExchange(ref _tokens, seen + count, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Takes all but some away.</summary>
    /// <returns>How many.</returns>
    public long Strip(long keep)
    {
        var seen = Volatile.Read(ref _tokens);
        while (seen > keep)
        {
            var before = Interlocked.CompareExchange(ref _tokens, keep, seen);
            if (before == seen)
            {
                return seen - keep;
            }

            seen = before;
        }

        return 0;
    }

    /// <summary>Ends it: nobody takes a token of it from here on.</summary>
    /// <returns>How many were left.</returns>
    public long Close() => Math.Max(0, Interlocked.Exchange(ref _tokens, Shut));

    /// <summary>The same lease, apart from what was taken of it so far.</summary>
    public Lease Renew(long left) => new(Counter, Epoch, Grant, Size, Began, Deadline)
    {
        _tokens = left, Unaccounted = left, UsedAt = UsedAt, IsStripped = IsStripped,
    };

    /// <summary>The same tokens under another epoch.</summary>
    public Lease Continue(long left, long now, long epoch) => new(Counter, epoch, Grant, left, now, Deadline);

    /// <summary>With more than that left at its end a smaller one would have done.</summary>
    public long MostLeft => Size < LeastToPrefetch ? Size / 2 : Size - (Size / 4);

    /// <summary>True when tokens of it were used, and it lives for so long that another one is worth asking for before its end.</summary>
    public bool IsInUse(long leastLife) => Unaccounted < Size && Deadline - Began >= leastLife;

    /// <summary>True when taking tokens has left few enough to ask for more.</summary>
    public bool IsRunningOut(long count, long left) => left <= PrefetchAt && left + count > PrefetchAt;

    /// <inheritdoc />
    public override string Stamp(long count, DateTimeOffset at) => Grant.Stamp(Interlocked.Add(ref Grant.Serials, count), count, at);

    /// <inheritdoc />
    public override void Return(TokenHand hand, long count, long now, bool isOver) => hand.PutBack(this, count, now, isOver);
}
