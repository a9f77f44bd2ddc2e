using Gateway.Contracts.Caching;

namespace Gateway.Edge.Caching;

/// <summary>The grain that the edges agree by on a cache.</summary>
internal delegate ICacheRegionGrain RegionSource(string cache);

/// <summary>
/// Follows the purges of one cache by one long poll after the other, while the cache is used. What it knows counts only for a short time after it was last confirmed: an edge that cannot
/// hear of purges uses nothing.
/// </summary>
/// <param name="cache">The cache's id.</param>
/// <param name="source">Where the grain is; null where nobody purges.</param>
/// <param name="node">This edge's name.</param>
/// <param name="options">How long a confirmation counts.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when silos do not answer.</param>
internal sealed partial class CacheRegion(string cache, RegionSource? source, string node, CacheOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private volatile CachePurges? _known;
    private volatile Watch? _watch;
    private long _confirmed;
    private long _reported = time.GetTimestamp();
    private long _used = time.GetTimestamp();

    /// <summary>What requests of this edge look for most; the grain is told while the purges are followed.</summary>
    public HotResponses Hot { get; } = new(time);

    /// <summary>What is purged; false when that is not known now.</summary>
    public bool TryGet(out CachePurges purges)
    {
        if (source is null)
        {
            purges = CachePurges.None;
            return true;
        }

        Volatile.Write(ref _used, time.GetTimestamp());
        purges = _known ?? CachePurges.None;
        return _known is not null && time.GetElapsedTime(Volatile.Read(ref _confirmed)) <= options.EpochLife;
    }

    /// <summary>Begins to follow the purges before anything is used: what the first request makes began when they were known, and is kept.</summary>
    public void Follow() => _ = source is null ? null : Current();

    /// <summary>Follows the purges, and waits a moment for the first answer.</summary>
    /// <returns>Null when what is purged is not known.</returns>
    public async ValueTask<CachePurges?> ConfirmAsync()
    {
        await Current().First.Task.WaitAsync(options.StoreTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return TryGet(out var purges) ? purges : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_watch?.Run is { } run)
        {
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
    }

    private Watch Current()
    {
        var watch = _watch;
        if (watch is null or { IsOver: true })
        {
            var begun = new Watch();
            watch = Interlocked.CompareExchange(ref _watch, begun, watch) == watch ? begun : _watch!;
            if (ReferenceEquals(watch, begun))
            {
                watch.Run = WatchAsync(watch);
            }
        }

        return watch;
    }

    private async Task WatchAsync(Watch watch)
    {
        await Task.Yield();
        var wait = TimeSpan.Zero;
        var isAway = false;
        while (!_stop.IsCancellationRequested && time.GetElapsedTime(Volatile.Read(ref _used)) < options.IdleAfter)
        {
            var sent = time.GetTimestamp();
            try
            {
                var epochs = await source!(cache).Next(_known?.Current ?? 0, wait, _stop.Token).WaitAsync(wait + Patience, time, _stop.Token);
                _known = epochs is null ? _known ?? CachePurges.None : new(epochs, time.GetTimestamp(), _known);
                // What was purged before it was asked is in the answer; what came after is not confirmed.
                Volatile.Write(ref _confirmed, sent);
                wait = options.EpochLife / 4 < LongestWait ? options.EpochLife / 4 : LongestWait;
                isAway = false;
                await ReportAsync();
            }
            catch (Exception failure) when (!_stop.IsCancellationRequested)
            {
                if (!isAway)
                {
                    Log.Away(logger, cache, failure.GetType().Name);
                }

                isAway = true;
                wait = TimeSpan.Zero;
                watch.First.TrySetResult();
                await Task.Delay(RetryDelay, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            watch.First.TrySetResult();
        }

        watch.IsOver = true;
    }

    private async Task ReportAsync()
    {
        if (time.GetElapsedTime(_reported) >= options.ReportPeriod && Hot.Take() is { } hottest)
        {
            _reported = time.GetTimestamp();
            // One way: nothing is waited for.
            await source!(cache).Report(new() { Node = node, Responses = hottest });
        }
    }

    /// <summary>One time of following.</summary>
    private sealed class Watch
    {
        private volatile bool _isOver;

        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Run { get; set; } = Task.CompletedTask;

        public bool IsOver { get => _isOver; set => _isOver = value; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No silo says what is purged of the cache {Cache} ({Failure}): nothing of it is used until one does.")]
        public static partial void Away(ILogger logger, string cache, string failure);
    }
}
