namespace Gateway.Edge.Counters;

/// <summary>
/// Requests that wait for tokens of one counter. Who has waited longest is first, also one that had tokens already and asks anew, because its process stood
/// still until they were over. Under the lock of the partition.
/// </summary>
internal sealed class WaitingLine
{
    private readonly PriorityQueue<TokenWaiter, (long Until, long Number)> _waiters = new();
    private long _number;

    /// <summary>The next in line; null when nobody waits.</summary>
    public TokenWaiter? First => _waiters.TryPeek(out var first, out _) ? first : null;

    /// <summary>Tokens that all of them need.</summary>
    public long Tokens { get; private set; }

    /// <summary>Adds one behind all who stop waiting no later.</summary>
    public void Add(TokenWaiter waiter)
    {
        _waiters.Enqueue(waiter, (waiter.Wish.Until, ++_number));
        Tokens += waiter.Count;
    }

    /// <summary>The first one goes.</summary>
    public void RemoveFirst() => Tokens -= _waiters.Dequeue().Count;
}
