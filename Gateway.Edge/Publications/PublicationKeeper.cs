using Gateway.Contracts.Publications;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Publications;

/// <summary>
/// Writes to disk what came into force: the newest number seen, and the backup. Beside the feed, because a disk may take seconds to
/// confirm a write and the next change must not wait for it; on a thread of its own, because requests have few and must not wait either. Of several that come meanwhile, or within
/// <see cref="PublicationFeedOptions.BackupPeriod"/> of the last, only the newest is written: during a burst of changes requests would pay for each.
/// </summary>
internal sealed partial class PublicationKeeper(
    PublicationFloor floor, PublicationSource source, PublicationFeedOptions options, TimeProvider time, ILogger<PublicationKeeper> logger, IPublicationBackup? backup = null) : BackgroundService
{
    // Bodies of publications that wait together; beyond it they are fetched again when their turn comes.
    private const long MaximumWaiting = 64 * 1024 * 1024;

    // Bodies of so many bytes replace enough to be worth a collection at once.
    private const long MuchReplaced = 1024 * 1024;

    private static readonly TimeSpan _slow = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _signal = new(0);
    private Waiting? _waiting;
    private volatile Manifest? _kept;
    private long? _begun;

    /// <summary>The manifest that was written last; null before the first.</summary>
    public Manifest? Kept => _kept;

    /// <summary>Has a publication written; does not wait.</summary>
    /// <param name="signed">Its signed manifest.</param>
    /// <param name="content">The same, decoded.</param>
    /// <param name="bodies">The bodies that were fetched for it, by name.</param>
    public void Keep(SignedManifest signed, PublicationContent content, IReadOnlyDictionary<string, byte[]> bodies)
    {
        lock (_lock)
        {
            var all = new Dictionary<string, byte[]>(_waiting?.Bodies ?? [], StringComparer.Ordinal);
            foreach (var (name, body) in bodies)
            {
                all[name] = body;
            }

            _waiting = new Waiting(signed, content, all.Values.Sum(body => (long)body.Length) <= MaximumWaiting ? all : new(bodies, StringComparer.Ordinal));
        }

        _signal.Release();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _signal.Dispose();
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => TimeSlice.RunAsideAsync(() => Run(stoppingToken));

    private Task Run(CancellationToken stoppingToken)
    {
        while (WaitHandle.WaitAny([_signal.AvailableWaitHandle, stoppingToken.WaitHandle]) == 0)
        {
            if (_begun is { } begun && options.BackupPeriod - time.GetElapsedTime(begun) is var rest && rest > TimeSpan.Zero)
            {
                stoppingToken.WaitHandle.WaitOne(rest);
            }

            while (_signal.Wait(TimeSpan.Zero, CancellationToken.None))
            {
                // One writing is for all that have come.
            }

            if (Write(stoppingToken) >= MuchReplaced)
            {
                // What was replaced is old, and so are by now the bodies: they would stay until as much again is allocated. Requests go on meanwhile.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }
        }

        // What came last.
        Write(stoppingToken);
        return Task.CompletedTask;
    }

    // The bytes of the bodies that were held until now.
    private long Write(CancellationToken stoppingToken)
    {
        Waiting? next;
        lock (_lock)
        {
            (next, _waiting) = (_waiting, null);
        }

        if (next is null)
        {
            return 0;
        }

        var begun = time.GetTimestamp();
        _begun = begun;
        try
        {
            floor.Save(next.Content.Manifest.Id);
            if (backup is not null)
            {
                CompleteAsync(backup, next, stoppingToken).GetAwaiter().GetResult();
                backup.Write(next.Signed, next.Content, next.Bodies);
            }

            _kept = next.Content.Manifest;
            if (time.GetElapsedTime(begun) is var taken && taken > _slow)
            {
                Log.Slow(logger, next.Content.Manifest.Id, taken.TotalMilliseconds);
            }
        }
        catch (Exception failure)
        {
            // Whatever it was, the edge serves on. The next publication tries again, with all that is missing then.
            Log.NotKept(logger, failure, next.Content.Manifest.Id);
        }

        return next.Bodies.Values.Sum(body => (long)body.Length);
    }

    private async Task CompleteAsync(IPublicationBackup into, Waiting next, CancellationToken stoppingToken)
    {
        ChunkReference[] lost = [.. into.Lacking(next.Content).Where(chunk => !next.Bodies.ContainsKey(chunk.Name))];
        if (lost.Length > 0)
        {
            await foreach (var arrived in ChunkFetcher.FetchAsync(source().GetChunks, lost, stoppingToken))
            {
                foreach (var (chunk, body) in arrived)
                {
                    next.Bodies[chunk.Name] = body;
                }
            }
        }
    }

    private sealed record Waiting(SignedManifest Signed, PublicationContent Content, Dictionary<string, byte[]> Bodies);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Publication {Publication} is in force but could not be written to disk.")]
        public static partial void NotKept(ILogger logger, Exception failure, PublicationId publication);

        [LoggerMessage(2, LogLevel.Information, "Writing publication {Publication} to disk took {Milliseconds:F0} ms; requests and further changes did not wait for it.")]
        public static partial void Slow(ILogger logger, PublicationId publication, double milliseconds);
    }
}
