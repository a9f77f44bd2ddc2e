using System.Collections.Concurrent;

namespace Gateway.Edge.Caching;

/// <summary>Who makes which missing response on this edge.</summary>
internal sealed class RefillTable
{
    private readonly ConcurrentDictionary<object, TaskCompletionSource> _making = new();

    /// <summary>Responses that are being made.</summary>
    public int Count => _making.Count;

    /// <summary>Takes the turn of making one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="finished">Ends when the one that has the turn is through.</param>
    /// <returns>False when another has the turn.</returns>
    public bool TryBegin(object key, out Task finished)
    {
        if (_making.TryGetValue(key, out var making))
        {
            finished = making.Task;
            return false;
        }

        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        making = _making.GetOrAdd(key, own);
        finished = making.Task;
        return ReferenceEquals(making, own);
    }

    /// <summary>Ends a turn.</summary>
    public void End(object key)
    {
        if (_making.TryRemove(key, out var making))
        {
            making.SetResult();
        }
    }
}
