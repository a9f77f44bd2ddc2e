namespace Gateway.Edge.Requests;

/// <summary>Whether this edge is on its way out, and how many requests it has in hand.</summary>
public sealed class DrainState
{
    private int _live;
    private volatile bool _isDraining;

    /// <summary>True from the signal to stop on: the edge says that it is not ready, and still serves.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Requests that have begun and not ended.</summary>
    public int LiveRequests => Volatile.Read(ref _live);

    /// <summary>Begins to drain; there is no way back.</summary>
    public void Begin() => _isDraining = true;

    internal void Enter() => Interlocked.Increment(ref _live);

    internal void Leave() => Interlocked.Decrement(ref _live);
}
