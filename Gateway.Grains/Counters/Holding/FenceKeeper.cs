namespace Gateway.Grains.Counters.Holding;

/// <summary>
/// Draws the conclusions from renewals that worked, were refused or got no answer. Pure. A process that stood still, and finds the store slow to come
/// back, must not take that for a lost store: only failures in an unbroken row count.
/// </summary>
internal sealed class FenceKeeper(long life, long period)
{
    private const int FailuresOfAnOutage = 2;

    private long _lastAttempt = long.MinValue / 2;
    private int _failures;

    /// <summary>What holds now.</summary>
    public Fence Fence { get; private set; } = Fence.None;

    /// <summary>A renewal goes out.</summary>
    public void Attempt(long now)
    {
        if (now - _lastAttempt > (2 * period) + (period / 2))
        {
            _failures = 0;
        }

        _lastAttempt = now;
    }

    /// <summary>The store has renewed the lease, or made the first one of this id.</summary>
    public void Renewed(string id, long sentAt)
    {
        _failures = 0;
        Fence = new Fence(id, sentAt + life - (life / 100), long.MinValue);
    }

    /// <summary>The store knows the lease no more; it never will again.</summary>
    public void Refused()
    {
        _failures = 0;
        Fence = Fence.None;
    }

    /// <summary>The store did not answer.</summary>
    public void Failed(long now)
    {
        // An answer that took that long came to a process that stood still.
        if (now - _lastAttempt > 2 * period)
        {
            _failures = 0;
            return;
        }

        _failures++;
        if (_failures >= FailuresOfAnOutage && Fence != Fence.None)
        {
            Fence = Fence with { UnfencedUntil = now + (2 * period) + (period / 2) };
        }
    }
}
