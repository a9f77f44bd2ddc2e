using Gateway.Contracts.Caching;
using Gateway.Contracts.Results;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gateway.Grains.Caching;

/// <summary>The purges of one cache, who makes what is missing in it, and what is wanted most. Reentrant, because edges park in <see cref="Next"/>; a purge is remembered before it is told.</summary>
[Reentrant]
internal sealed partial class CacheRegionGrain(RegionStore store, TimeProvider time, ILogger<CacheRegionGrain> logger) : Grain, ICacheRegionGrain
{
    private const int Tries = 5;

    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(2);

    private readonly RefillBook _refills = new(time);
    private readonly HotBoard _hot = new(time);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private TaskCompletionSource _changed = NewSource();
    private RegionState _state = null!;

    // Null when it is not known what the store holds.
    private RememberedPurges? _remembered;

    /// <inheritdoc />
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var remembered = await store.ReadAsync(this.GetPrimaryKeyString());
        if (remembered is { IsSuccess: true, Value.Epochs: { } epochs })
        {
            (_state, _remembered) = (RegionState.Of(epochs), remembered.Value);
            return;
        }

        // Nobody knows what was purged: all of it, as far as edges are told.
        _state = RegionState.New(time.GetUtcNow());
        Log.BeginsAnew(logger, this.GetPrimaryKeyString());
        if (remembered.IsSuccess)
        {
            _remembered = remembered.Value;
            await RememberAsync(state => state);
        }
    }

    /// <inheritdoc />
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Parked polls answer at once, so that edges ask the next activation.
        _changed.TrySetResult();
        _turn.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<Result<long>> Purge(CacheScope scope, CancellationToken cancellationToken)
    {
        if (scope.Name?.Length > CacheScope.MaximumName || scope.Operation?.Length > CacheScope.MaximumName || (scope.Kind == CacheScopeKind.All) != (scope.Name is null)
            || (scope.Kind == CacheScopeKind.Operation) != (scope.Operation is not null))
        {
            throw new ArgumentException("The scope is not one.", nameof(scope));
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            var next = await RememberAsync(state => state.With(scope, time.GetUtcNow()));
            if (!next.IsSuccess)
            {
                return next.Errors;
            }

            Interlocked.Exchange(ref _changed, NewSource()).TrySetResult();
            return next.Value.Current;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public async Task<CacheEpochs?> Next(long known, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (known == _state.Current)
        {
            await _changed.Task.WaitAsync(wait < MaximumWait ? wait : MaximumWait, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return known == _state.Current ? null : _state.ToEpochs();
    }

    /// <inheritdoc />
    public async Task<RefillWord[]> Elect(RefillCall call, CancellationToken cancellationToken)
    {
        if (call.Wanted.Length > RefillCall.MaximumEntries || call.Making.Length > RefillCall.MaximumEntries || call.Ended.Length > RefillCall.MaximumEntries)
        {
            throw new ArgumentException("The call names too many entries.", nameof(call));
        }

        var words = _refills.Take(call, out var told);
        foreach (var (edge, entries) in told)
        {
            // One way: nothing is waited for.
            await edge.RefillsEnded(this.GetPrimaryKeyString(), [.. entries]);
        }

        return words;
    }

    /// <inheritdoc />
    public Task Report(CacheUse use)
    {
        _hot.Hear(use);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<HotResponse[]> Hottest(int most, CancellationToken cancellationToken) => Task.FromResult(_hot.Hottest(most));

    // What another activation has remembered is taken in first: while silos do not see each other there may be two.
    private async Task<Result<RegionState>> RememberAsync(Func<RegionState, RegionState> change)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            if (_remembered is null)
            {
                var read = await store.ReadAsync(this.GetPrimaryKeyString());
                if (!read.IsSuccess)
                {
                    return read.Errors;
                }

                (_remembered, _state) = (read.Value, read.Value.Epochs is { } others ? _state.With(others) : _state);
            }

            var next = change(_state);
            var written = await store.TryWriteAsync(this.GetPrimaryKeyString(), next.ToEpochs(), _remembered);
            _remembered = written.IsSuccess ? written.Value : null;
            if (!written.IsSuccess)
            {
                return written.Errors;
            }

            if (_remembered is not null)
            {
                return _state = next;
            }
        }

        return new GatewayError(ErrorKind.ServiceUnavailable, "Another silo purges this cache at the same time; this purge was not made. Try again.");
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Nothing is known of purges of the cache {Cache}: it begins anew, empty.")]
        public static partial void BeginsAnew(ILogger logger, string cache);
    }
}
