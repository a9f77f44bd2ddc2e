namespace Gateway.Edge.Counters;

/// <summary>Whether silos can be asked.</summary>
internal sealed class SiloContact(CounterClock clock, CounterOptions options) : IClusterConnectionStatusObserver
{
    private readonly long _patienceToConnect = clock.Ticks(options.ConnectionOutage);
    private readonly long _patienceForAnswer = clock.Ticks(options.AnswerOutage);
    private long _lost = Since(clock.Now);
    private long _unanswered;
    private int _activeEdges;

    /// <summary>The most edges that a partition said share a counter; 0 when none said anything yet.</summary>
    public int ActiveEdges => Volatile.Read(ref _activeEdges);

    /// <summary>True when no silo can be asked, for so long that nothing is expected any more.</summary>
    public bool IsOutage(long now) => IsLonger(ref _lost, now, _patienceToConnect) || IsLonger(ref _unanswered, now, _patienceForAnswer);

    /// <summary>A question was sent.</summary>
    public void Asked(long now) => Interlocked.CompareExchange(ref _unanswered, Since(now), 0);

    /// <summary>A question was answered.</summary>
    public void Answered()
    {
        Volatile.Write(ref _unanswered, 0);
        Volatile.Write(ref _lost, 0);
    }

    /// <summary>A partition said how many edges share a counter.</summary>
    public void Shared(int edges) => Volatile.Write(ref _activeEdges, Math.Max(ActiveEdges, edges));

    /// <inheritdoc />
    public void NotifyClusterConnectionLost() => Interlocked.CompareExchange(ref _lost, Since(clock.Now), 0);

    /// <inheritdoc />
    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        if (currentNumberOfGateways > 0)
        {
            Volatile.Write(ref _lost, 0);
        }
        else
        {
            NotifyClusterConnectionLost();
        }
    }

    private static bool IsLonger(ref long since, long now, long patience) => Volatile.Read(ref since) is not 0 and var began && now - began > patience;

    /// <summary>0 means never.</summary>
    private static long Since(long now) => now == 0 ? 1 : now;
}
