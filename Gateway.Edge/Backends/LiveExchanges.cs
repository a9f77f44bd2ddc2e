namespace Gateway.Edge.Backends;

/// <summary>Counts the exchanges with backends that have begun and not ended. Zero when nothing is in flight, or something leaks.</summary>
internal sealed class LiveExchanges
{
    private int _count;

    /// <summary>How many there are now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>One begins.</summary>
    public void Enter() => Interlocked.Increment(ref _count);

    /// <summary>One has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _count);
}
