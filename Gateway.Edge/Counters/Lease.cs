using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>
/// Tokens of one grant in the hand of this edge. Requests take them without a lock; everything else about a lease happens under the
/// lock of its partition. What was taken and not put back is what the lease has lost since it began.
/// </summary>
internal sealed class Lease : LimitGrant
{
    /// <summary>Far enough below zero that nothing brings it back.</summary>
    private const long Shut = long.MinValue / 2;

    /// <summary>Slices smaller than this are not worth a call before they are used up.</summary>
    private const long LeastToPrefetch = 8;

    private readonly LeasedCounter _counter;
    private long _tokens;

    public Lease(LeasedCounter counter, long epoch, GrantName grant, long tokens, long began, long deadline)
    {
        _counter = counter;
        _tokens = tokens;
        Epoch = epoch;
        Grant = grant;
        Began = began;
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

    /// <summary>Its tokens must not be used from here on.</summary>
    public long Deadline { get; }

    /// <summary>When so many are left, more are asked for; -1 never.</summary>
    public long PrefetchAt { get; }

    /// <summary>Tokens it had when it was looked at last. Under the lock.</summary>
    public long Unaccounted { get; set; }

    /// <summary>Set when tokens were taken away from it: then it says nothing about how long a slice lasts. Under the lock.</summary>
    public bool IsStripped { get; set; }

    /// <summary>Tokens in hand.</summary>
    public long Tokens => Math.Max(0, Volatile.Read(ref _tokens));

    /// <summary>True when nothing can be taken or put back any more.</summary>
    public bool IsShut => Volatile.Read(ref _tokens) < 0;

    /// <summary>Takes one.</summary>
    public bool TryTake(out long left)
    {
        var seen = Volatile.Read(ref _tokens);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref _tokens, seen - 1, seen);
            if (before == seen)
            {
                left = seen - 1;
                return true;
            }

            seen = before;
        }

        left = 0;
        return false;
    }

    /// <summary>Puts one back, unless it is shut.</summary>
    public bool TryPutBack()
    {
        var seen = Volatile.Read(ref _tokens);
        while (seen >= 0)
        {
            var before = Interlocked.CompareExchange(ref _tokens, seen + 1, seen);
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

    /// <summary>The same tokens under another epoch.</summary>
    public Lease Continue(long left, long now, long epoch) => new(_counter, epoch, Grant, left, now, Deadline);

    /// <summary>Numbers the requests that its grant lets pass.</summary>
    public long NextSerial() => Interlocked.Increment(ref Grant.Serials);

    /// <summary>A token was taken after the end: it is not used.</summary>
    public void Void() => _counter.Partition.PutBack(_counter, this, isOver: true);

    /// <inheritdoc />
    public override void GiveBack() => _counter.Partition.PutBack(_counter, this, isOver: false);
}
