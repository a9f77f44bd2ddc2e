using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Gateway.Edge.Caching;

/// <summary>
/// Brings together what requests want to read from a store at about the same time: it goes in one packet, comes back in one, and one watch keeps its time. None waits for others to come:
/// what is wanted goes as soon as the thread pool comes to it, at once on an idle edge, and on a busy one with all that was wanted meanwhile.
/// </summary>
/// <param name="send">Sends reads and ends each; does not fail.</param>
/// <param name="schedule">Has the sending run behind all that waits already; null for the thread pool.</param>
internal sealed class StoreReads(Func<StoreRead[], Task> send, Action<IThreadPoolWorkItem>? schedule = null) : IThreadPoolWorkItem
{
    // So many answers at most come behind each other before the first of them is used.
    private const int Most = 64;

    private readonly Action<IThreadPoolWorkItem> _schedule = schedule ?? (static item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false));
    private readonly ConcurrentQueue<StoreRead> _wanted = new();
    private int _isDue;

    /// <summary>What stands under a key.</summary>
    public Task<RedisValue> GetAsync(RedisKey key)
    {
        var read = new StoreRead(key);
        _wanted.Enqueue(read);
        BeDue();
        return read.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        // First: what is wanted from now on is seen below, or is due again.
        Interlocked.Exchange(ref _isDue, 0);
        var reads = new List<StoreRead>();
        while (reads.Count < Most && _wanted.TryDequeue(out var read))
        {
            reads.Add(read);
        }

        if (!_wanted.IsEmpty)
        {
            BeDue();
        }

        if (reads.Count > 0)
        {
            _ = send([.. reads]);
        }
    }

    private void BeDue()
    {
        if (Interlocked.Exchange(ref _isDue, 1) == 0)
        {
            _schedule(this);
        }
    }
}

/// <summary>One read that a request waits for.</summary>
internal sealed class StoreRead(RedisKey key) : TaskCompletionSource<RedisValue>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The key.</summary>
    public RedisKey Key => key;
}
