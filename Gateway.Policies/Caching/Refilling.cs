using Gateway.Policies.Execution;

namespace Gateway.Policies.Caching;

/// <summary>One request's part in making what many miss: it waits for another, on this node or on another one, or makes it for them.</summary>
internal sealed class Refilling(PolicyContext context, CachingType type)
{
    private static readonly Task<bool> s_stored = Task.FromResult(true);

    private IRefill? _turn;
    private ResponseKey? _key;
    private bool _isElected;
    private long _begun;

    /// <summary>What to do next.</summary>
    /// <param name="key">What is missing, or old.</param>
    /// <param name="hasOld">True: nothing is waited for, as there is an old one to use.</param>
    public async ValueTask<RefillStep> NextAsync(ResponseKey key, bool hasOld)
    {
        if (_turn is not null && !key.Equals(_key))
        {
            End(RefillOutcome.NotMade);
        }

        // The one that makes it has looked once more: another may have made it between look and turn.
        if (_isElected)
        {
            return RefillStep.Make;
        }

        if (_turn is null)
        {
            var refill = context.Refills.Begin(type, key, out var isMine);
            if (refill is null)
            {
                return RefillStep.Make;
            }

            if (!isMine)
            {
                return hasOld ? RefillStep.UseOld : await WaitAsync(refill.Finished);
            }

            (_turn, _key) = (refill, key);
        }

        if (await context.WaitForAsync(_turn.ElectAsync()) is not { } elsewhere)
        {
            _isElected = true;
            return RefillStep.Look;
        }

        if (!hasOld)
        {
            return await WaitAsync(elsewhere);
        }

        _turn.LeaveTo(elsewhere);
        _turn = null;
        return RefillStep.UseOld;
    }

    /// <summary>Ends this request's turn, when it has one: who waits for it looks again.</summary>
    /// <param name="outcome">What became of the entry.</param>
    /// <param name="stored">When it was kept: whether other nodes find it.</param>
    public void End(RefillOutcome outcome, Task<bool>? stored = null)
    {
        _turn?.End(outcome, stored ?? s_stored);
        (_turn, _isElected) = (null, false);
    }

    private async ValueTask<RefillStep> WaitAsync(Task through)
    {
        _begun = _begun == 0 ? context.Time.GetTimestamp() : _begun;
        var left = context.Refills.Wait - context.Time.GetElapsedTime(_begun);
        if (left <= TimeSpan.Zero)
        {
            return RefillStep.Make;
        }

        context.Refills.NoteWait();
        var aborted = context.Http.RequestAborted;
        await context.WaitForAsync(IsThroughAsync(through, left, aborted));
        aborted.ThrowIfCancellationRequested();
        return RefillStep.Look;
    }

    private async ValueTask<bool> IsThroughAsync(Task through, TimeSpan left, CancellationToken aborted)
    {
        await through.WaitAsync(left, context.Time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return through.IsCompleted;
    }
}
