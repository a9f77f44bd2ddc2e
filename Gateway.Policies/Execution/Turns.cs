namespace Gateway.Policies.Execution;

/// <summary>
/// Lets several policies of one request run side by side though a request belongs to one thread: each has its turn until it waits for something
/// outside of this process, and waits for its next turn before it goes on.
/// </summary>
/// <param name="unneeded">Ends what is waited for and not needed any more.</param>
internal sealed class Turns(CancellationToken unneeded) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public CancellationToken Unneeded => unneeded;

    public async ValueTask RunAsync(Func<ValueTask> policy)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            unneeded.ThrowIfCancellationRequested();
            await policy();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<T> PauseAsync<T>(ValueTask<T> pending)
    {
        _turn.Release();
        try
        {
            return await pending;
        }
        finally
        {
            await _turn.WaitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _turn.Dispose();
}
