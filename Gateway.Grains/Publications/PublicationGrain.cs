using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Contracts.Rollouts;
using Gateway.Grains.Rollouts;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gateway.Grains.Publications;

/// <summary>
/// The publications of one gateway. Reentrant, because edges park in <see cref="Next"/>; a refresh runs one at a time. While the
/// store is away it serves the publication in force from memory.
/// </summary>
[Reentrant]
internal sealed partial class PublicationGrain(
    PublisherFactory publishers, IPublicationStore store, PublicationOptions options, PublicationTelemetry telemetry, TimeProvider time, ILogger<PublicationGrain> logger)
    : Grain, IPublicationGrain
{
    private const int MaximumChunksPerCall = 1000;
    private const int MaximumNodeName = 256;

    // The catalog does not know which gateways are sites, so nobody is told of its changes for them.
    private static readonly TimeSpan _siteCheckPeriod = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan _maximumWait = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _firstPatience = TimeSpan.FromSeconds(10);

    // A catalog that comes in many change sets is published in few steps: after one of so many parts it rests for as long as that took.
    private const int ManyParts = 500;
    private static readonly TimeSpan _longestRest = TimeSpan.FromSeconds(5);

    private readonly FeedTable _feeds = new(time);
    private readonly Queue<AskedRollback> _rollbacks = new();
    private RolloutKeeper _rollout = null!;
    private TaskCompletionSource _changed = New();
    private TaskCompletionSource _hurry = New();
    private Publisher _publisher = null!;
    private bool _isRefreshing;
    private bool _isAskedAgain;
    private bool _isStoreAway;

    /// <inheritdoc />
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _publisher = publishers.Create(this.GetPrimaryKeyString());
        await _publisher.LoadAsync();
        _rollout = new RolloutKeeper(this.GetPrimaryKeyString(), store, _publisher, _feeds, time, logger);
        await _rollout.LoadAsync();
        if (_publisher.State is null)
        {
            // Compiling a large catalog for the first time may take longer than an activation may; it goes on then.
            await RefreshAsync().WaitAsync(_firstPatience, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        this.RegisterGrainTimer(_ => TickAsync(), new GrainTimerCreationOptions
        {
            DueTime = TimeSpan.Zero,
            Period = FederationNames.GatewayOf(this.GetPrimaryKeyString()) is null || options.CatalogCheckPeriod < _siteCheckPeriod ? options.CatalogCheckPeriod : _siteCheckPeriod,
            Interleave = true,
            KeepAlive = true,
        });
    }

    /// <inheritdoc />
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Parked polls answer at once, so that edges ask the next activation.
        _changed.TrySetResult();
        _publisher?.Dispose();
        telemetry.Forget(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<PublicationOffer?> Next(FeedPosition position, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(position.Node) || position.Node.Length > MaximumNodeName)
        {
            throw new ArgumentException($"A feed states its node's name, at most {MaximumNodeName} characters.", nameof(position));
        }

        _feeds.Note(position);
        if (NewFor(position) is { } news)
        {
            return news;
        }

        var bounded = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < _maximumWait ? wait : _maximumWait;

        // The end of the wait is the usual case, so it is no exception.
        await _changed.Task.WaitAsync(bounded, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return NewFor(position);
    }

    /// <inheritdoc />
    public Task<byte[]?[]> GetChunks(string[] names, CancellationToken cancellationToken) =>
        names.Length <= MaximumChunksPerCall
            ? _publisher.Bodies.GetAsync(names)
            : throw new ArgumentException($"At most {MaximumChunksPerCall} chunks are given at once.", nameof(names));

    /// <inheritdoc />
    public Task CatalogChanged(long version) => RefreshAsync();

    /// <inheritdoc />
    public Task<SignedManifest?> Current(CancellationToken cancellationToken) => Task.FromResult(_publisher.State?.Signed);

    /// <inheritdoc />
    public Task<FeedStatus[]> Feeds(CancellationToken cancellationToken) => Task.FromResult(_feeds.All());

    /// <inheritdoc />
    public Task<PublicationStanding> Standing(CancellationToken cancellationToken) => Task.FromResult(new PublicationStanding(
        _publisher.State?.Manifest.Id, _publisher.State?.Manifest.CreatedAt, _publisher.PublishedVersion, _feeds.All()));

    /// <inheritdoc />
    public Task<PublicationSummary[]> History(CancellationToken cancellationToken) =>
        Task.FromResult<PublicationSummary[]>([.. _publisher.State?.Kept.Select(kept => kept.Summary()) ?? []]);

    /// <inheritdoc />
    public Task<PublicationPart[]?> Parts(long number, CancellationToken cancellationToken) =>
        Task.FromResult(_publisher.State?.Kept.FirstOrDefault(kept => kept.Manifest.Number == number)?.Parts());

    /// <inheritdoc />
    public async Task<Result<PublicationId>> Rollback(long number, CancellationToken cancellationToken)
    {
        var asked = new AskedRollback(number);
        _rollbacks.Enqueue(asked);
        _hurry.TrySetResult();
        await RefreshAsync();
        return await asked.Done.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public Task<RolloutStanding> Rollout(CancellationToken cancellationToken) => Task.FromResult(_rollout.Describe());

    /// <inheritdoc />
    public Task<Result<RolloutStanding>> SetRollout(RolloutRule? rule, CancellationToken cancellationToken) => SettledAsync(_rollout.SetAsync(rule), cancellationToken);

    /// <inheritdoc />
    public Task<Result<RolloutStanding>> Promote(CancellationToken cancellationToken) => SettledAsync(_rollout.PromoteAsync(), cancellationToken);

    private async Task<Result<RolloutStanding>> SettledAsync(Task<Result<RolloutStanding>> asked, CancellationToken cancellationToken)
    {
        _hurry.TrySetResult();
        await RefreshAsync();
        return await asked.WaitAsync(cancellationToken);
    }

    // An edge of an older version waits for programs of its expression ABI, which its own poll asks for.
    private PublicationOffer? NewFor(FeedPosition position) =>
        _publisher.Suits(position.ExpressionAbis) && _publisher.State is { } state && _rollout.DueTo(position, state) is var due && due.Manifest.Id != position.Running && due.Manifest.Id != position.Rejected
            ? _publisher.OfferFor(position, due)
            : null;

    private Task TickAsync()
    {
        if (_publisher.State is { } state)
        {
            telemetry.Lags(this.GetPrimaryKeyString(), _feeds.Lag(position => _rollout.DueTo(position, state).Manifest));
        }

        return RefreshAsync();
    }

    private async Task RefreshAsync()
    {
        _isAskedAgain = true;
        if (_isRefreshing)
        {
            return;
        }

        _isRefreshing = true;
        try
        {
            while (_isAskedAgain)
            {
                _isAskedAgain = false;
                _hurry = New();
                var (begun, parts) = (time.GetTimestamp(), _publisher.EncodedChunks);
                var isNew = await _rollout.SettleAsync();
                if (!_rollout.IsFull)
                {
                    isNew |= await _publisher.RefreshAsync();
                }

                while (_rollbacks.TryPeek(out var asked))
                {
                    var outcome = await _publisher.RollbackAsync(asked.Number);
                    isNew |= outcome.IsSuccess;
                    _rollbacks.Dequeue().Done.TrySetResult(outcome);
                }

                if (isNew)
                {
                    Wake();
                }

                await _publisher.Bodies.FillAsync();
                if (_isAskedAgain && _publisher.EncodedChunks - parts >= ManyParts)
                {
                    var took = time.GetElapsedTime(begun);
                    await _hurry.Task.WaitAsync(took < _longestRest ? took : _longestRest, time)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                }
            }

            NoteStore(isAway: false, null);
        }
        catch (Exception failure) when (RedisStore.IsOutage(failure))
        {
            // The timer tries again; until then the publication in force is served from memory.
            NoteStore(isAway: true, failure);
            while (_rollbacks.TryDequeue(out var asked))
            {
                asked.Done.TrySetResult(new GatewayError(ErrorKind.ServiceUnavailable, "The state store cannot be reached, or refuses commands, now. Nothing was rolled back. Try again later."));
            }

            _rollout.Refuse();
        }
        finally
        {
            _isRefreshing = false;
        }
    }

    private void Wake()
    {
        var woken = _changed;
        _changed = New();
        woken.SetResult();
    }

    private void NoteStore(bool isAway, Exception? failure)
    {
        if (isAway && !_isStoreAway)
        {
            Log.StoreAway(logger, failure, this.GetPrimaryKeyString());
        }
        else if (!isAway && _isStoreAway)
        {
            Log.StoreBack(logger, this.GetPrimaryKeyString());
        }

        _isStoreAway = isAway;
    }

    private sealed record AskedRollback(long Number)
    {
        public TaskCompletionSource<Result<PublicationId>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Gateway {Gateway}: the state store does not answer; changes wait, edges get the publication in force from memory.")]
        public static partial void StoreAway(ILogger logger, Exception? failure, string gateway);

        [LoggerMessage(2, LogLevel.Information, "Gateway {Gateway}: the state store answers again.")]
        public static partial void StoreBack(ILogger logger, string gateway);
    }
}
