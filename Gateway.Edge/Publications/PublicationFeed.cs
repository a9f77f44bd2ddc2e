using System.Diagnostics.Metrics;
using Gateway.Contracts.Publications;
using Gateway.Edge.Peers;
using Gateway.Edge.Silos;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Publications;

/// <summary>Where the publications of this edge's gateway come from.</summary>
internal delegate IPublicationGrain PublicationSource();

/// <summary>
/// Follows the publications of this edge's gateway: one long poll after the other; each says what runs here, so it is also the
/// acknowledgement. Started without waiting for silos; without any it starts from the backup and goes on asking.
/// </summary>
internal sealed partial class PublicationFeed(
    PublicationSource source, PublicationFeedOptions options, PublicationIntake intake, FeedState state, TimeProvider time, ILogger<PublicationFeed> logger,
    PeerStart? peers = null, FirstContact? contact = null)
    : BackgroundService
{
    private readonly long _begun = time.GetTimestamp();
    private bool _isAway;
    private bool _hasAnswered;
    private readonly Meter _meter = FeedTelemetry.Watch(state);
    private bool _isTold;

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        _meter.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Reading a backup is work; the host's start does not wait for it.
        await Task.Yield();
        var resilience = FeedResilience.Build(options, time, contact, OnFailureAsync);
        await FirstAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await resilience.ExecuteAsync(token => new ValueTask(PollAsync(_isAway ? TimeSpan.Zero : options.PollWait, options.PollWait + options.AnswerPatience, token)), stoppingToken);
        }
    }

    // The silos come first, their word is newer; the backup only when they do not answer for a while.
    private async Task FirstAsync(CancellationToken stoppingToken)
    {
        try
        {
            await PollAsync(TimeSpan.Zero, options.StartPatience, stoppingToken);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            await OnFailureAsync(failure, stoppingToken);
        }
    }

    private async Task PollAsync(TimeSpan wait, TimeSpan patience, CancellationToken cancellationToken)
    {
        var grain = source();
        var offered = await grain.Next(state.Position, wait, cancellationToken).WaitAsync(patience, time, cancellationToken);
        NoteAnswer(offered is not null);
        if (offered is not null)
        {
            // On a thread of its own: building takes milliseconds, and requests have few threads.
            await TimeSlice.RunAsideAsync(() => intake.TakeAsync(grain, offered, cancellationToken));
        }
        else if (state.Running is null)
        {
            // Silos whose store was flushed have nothing, and nothing newer.
            await StartWithoutSilosAsync(cancellationToken);
        }
    }

    private async Task StartWithoutSilosAsync(CancellationToken cancellationToken)
    {
        await intake.TakeBackupAsync(cancellationToken);
        if (state.Running is null && peers is not null)
        {
            await peers.TakeAsync(cancellationToken);
        }
    }

    private void NoteAnswer(bool withPublication)
    {
        state.Answered(withPublication);
        _isAway = false;
        _hasAnswered = true;
        if (_isTold)
        {
            _isTold = false;
            Log.Back(logger);
        }
    }

    private async ValueTask OnFailureAsync(Exception failure, CancellationToken cancellationToken)
    {
        _isAway = true;
        if (!_isTold && (_hasAnswered || time.GetElapsedTime(_begun) > options.QuietStart))
        {
            _isTold = true;
            Log.Away(logger, failure.GetType().Name, failure.Message, state.Running);
        }
        else if (!_isTold)
        {
            Log.NotYet(logger, failure.GetType().Name, failure.Message);
        }

        if (state.Running is null)
        {
            state.Waits(string.Join(", and ", new[] { "no silo answers", intake.BackupReason, peers?.Reason }.OfType<string>()));
            await StartWithoutSilosAsync(cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The silos give no publications ({Failure}: {Reason}); {Running} stays in force, and they are asked again.")]
        public static partial void Away(ILogger logger, string failure, string reason, PublicationId? running);

        [LoggerMessage(2, LogLevel.Information, "The silos answer again.")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(3, LogLevel.Debug, "The silos give no publications yet ({Failure}: {Reason}).")]
        public static partial void NotYet(ILogger logger, string failure, string reason);
    }
}
