namespace Gateway.Edge.Counters;

/// <summary>Requests that wait for tokens of one counter, in order. Under the lock of the partition.</summary>
internal sealed class WaitingLine
{
    private readonly Queue<TokenWaiter> _waiters = new();

    /// <summary>The next in line; null when nobody waits.</summary>
    public TokenWaiter? First => _waiters.TryPeek(out var first) ? first : null;

    /// <summary>Tokens that all of them need.</summary>
    public long Tokens { get; private set; }

    /// <summary>Adds one at the end.</summary>
    public void Add(TokenWaiter waiter)
    {
        _waiters.Enqueue(waiter);
        Tokens += waiter.Count;
    }

    /// <summary>The first one goes.</summary>
    public void RemoveFirst() => Tokens -= _waiters.Dequeue().Count;
}
