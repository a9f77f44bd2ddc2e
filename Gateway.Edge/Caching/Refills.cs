using System.Collections.Concurrent;
using Gateway.Policies.Caching;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Caching;

/// <summary>Who makes what is missing: one request of this edge for each entry, and of those of all edges that share a store, one.</summary>
internal sealed class Refills(CacheMemory memory, CacheLayers layers, CacheOptions options, TimeProvider time) : IRefills
{
    // Nobody waits for an entry of a key that was not kept so shortly ago.
    private static readonly TimeSpan AloneFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<RefillKey, Refill> _turns = new();

    public TimeSpan Wait => options.RefillWait;

    /// <summary>Entries that are being made.</summary>
    public int Count => _turns.Count;

    public IRefill? Begin(CachingType type, ResponseKey key, out bool isMine)
    {
        isMine = false;
        if (layers.For(type) is not { } layer)
        {
            return null;
        }

        var name = new RefillKey(layer, key);
        if (memory.TryGet(name, out object? _))
        {
            return null;
        }

        if (_turns.TryGetValue(name, out var turn))
        {
            return turn;
        }

        var own = new Refill(this, name);
        turn = _turns.GetOrAdd(name, own);
        isMine = ReferenceEquals(turn, own);
        return turn;
    }

    public void NoteWait() => CacheTelemetry.CountWait();

    private TimeProvider Time => time;

    // Another edge has made a new one: the next request finds it in the store.
    private void Forget(RefillKey key) => memory.Remove(key.Layer.KeyOf(key.Key));

    private void End(RefillKey key, bool isNeverKept)
    {
        if (isNeverKept)
        {
            memory.Set<object>(key, key, 0, time.GetUtcNow() + AloneFor);
        }

        _turns.TryRemove(key, out _);
    }

    private sealed record RefillKey(CacheLayer Layer, ResponseKey Key);

    private sealed class Refill(Refills refills, RefillKey key) : IRefill
    {
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Finished => _finished.Task;

        public ValueTask<Task?> ElectAsync() => key.Layer.Election?.AskAsync(key.Key.Short) ?? default;

        public void End(RefillOutcome outcome, Task<bool> stored)
        {
            key.Layer.Election?.End(key.Key.Short, outcome, stored);
            refills.End(key, outcome == RefillOutcome.NeverKept);
            _finished.SetResult();
        }

        public void LeaveTo(Task elsewhere) => _ = LeaveToAsync(elsewhere);

        private async Task LeaveToAsync(Task elsewhere)
        {
            await elsewhere.WaitAsync(refills.Wait, refills.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            refills.Forget(key);
            End(RefillOutcome.NotMade, RedisCacheStore.Not);
        }
    }
}
