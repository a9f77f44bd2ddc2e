namespace Gateway.Edge.Silos;

/// <summary>
/// The first connection of this edge to a silo. Before it no grain can be asked, so what retries waits for it instead of for its next turn.
/// </summary>
internal sealed class FirstContact
{
    private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a silo has answered since this edge started.</summary>
    public bool IsMade => _made.Task.IsCompleted;

    /// <summary>Notes that a silo answers.</summary>
    public void Make() => _made.TrySetResult();

    /// <summary>Waits until there is contact, at most this long.</summary>
    public Task WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) =>
        Task.WhenAny(_made.Task, Task.Delay(patience, time, cancellationToken));
}
