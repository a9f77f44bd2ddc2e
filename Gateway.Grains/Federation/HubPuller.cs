using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Gateway.Grains.Federation;

/// <summary>
/// Follows the hub's publications: asks for the next with a wait, again and again; when that fails, with pauses that grow to the poll period and never
/// fall in step. Used by one caller at a time; the status may be read meanwhile.
/// </summary>
internal sealed partial class HubPuller : IDisposable
{
    // A hub lets nobody wait longer than 30 s.
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(30);

    private readonly UpstreamOptions _options;
    private readonly HubCopy _copy;
    private readonly HubClient _client;
    private readonly HubIntake _intake;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger<HubPuller> _logger;
    private readonly HubEvents _events;
    private readonly ResiliencePipeline _resilience;
    private readonly TimeSpan _wait;
    private volatile Contact _contact = new(null, null);
    private string? _told;

    /// <summary>A puller that has asked nothing yet.</summary>
    public HubPuller(UpstreamOptions options, HubCopy copy, ChunkCodec codec, TimeProvider time, Random random, ILogger<HubPuller> logger)
    {
        (_options, _copy, _time, _random, _logger) = (options, copy, time, random, logger);
        _client = new HubClient(options, time);
        _events = new HubEvents(time);
        _wait = options.PollPeriod < _longestWait ? options.PollPeriod : _longestWait;
        _intake = new HubIntake(options, _client, copy, codec);
        _resilience = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // Calls that time out end as cancelled ones: only when this site stops it is the end.
                ShouldHandle = failed => ValueTask.FromResult(failed.Outcome.Exception is not null && !failed.Context.CancellationToken.IsCancellationRequested),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.PollPeriod,
                DelayGenerator = failed => ValueTask.FromResult((failed.Outcome.Exception as HubException)?.RetryAfter),
                OnRetry = failed =>
                {
                    NoteFailure(failed.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>How the site stands to its hub.</summary>
    public UpstreamStatus Status
    {
        get
        {
            var (contact, copy, token) = (_contact, _copy.State, _options.Token());
            var trusted = _options.PublicKey ?? copy?.Signed.PublicKey;
            return new UpstreamStatus
            {
                Endpoint = _options.Endpoint.AbsoluteUri,
                IsConnected = contact.Last is not null && contact.Fault is null,
                LastContact = contact.Last,
                Publication = copy?.Manifest.Id,
                Fault = contact.Fault,
                Gateway = token.Value?.Token.Gateway,
                TokenExpiry = token.Value?.Token.Expiry,
                TrustedKey = trusted is null ? null : ManifestVerifier.Fingerprint(trusted),
            };
        }
    }

    /// <summary>Lets the next publication be of another hub, or older.</summary>
    public void Reset() => _intake.Reset();

    /// <summary>Asks until the hub has given a good answer once; true when the copy is another than before.</summary>
    public async Task<bool> PullAsync(CancellationToken cancellationToken)
    {
        var isNew = false;
        await _resilience.ExecuteAsync(async stopped => isNew = await AskAsync(stopped), cancellationToken);
        return isNew;
    }

    /// <summary>Tells the hub of the site's nodes, and what happened since it was told last.</summary>
    /// <exception cref="HubException">It was not told.</exception>
    public async Task TellAsync(SiteHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        var token = Token();
        await _client.HeartbeatAsync(token, heartbeat with { Publication = _copy.State?.Manifest.Id }, cancellationToken);
        if (_events.Untold() is { Length: > 0 } events)
        {
            await _client.EventsAsync(token, new SiteEvents(events), cancellationToken);
            _events.Told(events.Length);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        await _copy.LoadAsync();
        var token = Token();
        var (begun, wait) = (_time.GetTimestamp(), _contact.Fault is null && _copy.State is not null ? _wait : TimeSpan.Zero);
        var signed = await _client.ManifestAsync(token, _copy.State?.Manifest.Id, wait, cancellationToken);
        var isNew = signed is not null && await _intake.TakeAsync(token, signed, cancellationToken);
        NoteSuccess(isNew);
        if (!isNew && wait > TimeSpan.Zero && _time.GetElapsedTime(begun) < wait / 2)
        {
            // A hub that does not wait must not be asked without end.
            await Task.Delay(_options.RetryDelay * (1 + _random.NextDouble()), _time, cancellationToken);
        }

        return isNew;
    }

    private PresentToken Token()
    {
        var token = _options.Token();
        return token.IsSuccess ? token.Value : throw new HubException(token.Errors[0].Message);
    }

    private void NoteSuccess(bool isNew)
    {
        _contact = new Contact(_time.GetUtcNow(), null);
        if (_told is not null)
        {
            _told = null;
            Log.Back(_logger, _options.Endpoint.Authority);
            _events.Add(SiteEventKind.Recovered, "The hub answers as it should.");
        }

        if (isNew)
        {
            Log.Taken(_logger, _copy.State?.Manifest.Id, _options.Endpoint.Authority);
            _events.Add(SiteEventKind.Taken, $"{_copy.State?.Manifest.Id}");
        }
    }

    private void NoteFailure(Exception failure)
    {
        var fault = failure is HubException ? failure.Message : $"The hub's publication cannot be taken in now ({failure.GetType().Name}): {failure.Message}";
        _contact = _contact with { Fault = fault };
        if (_told != fault)
        {
            _told = fault;
            _events.Add(SiteEventKind.Fault, fault);
            Log.Away(_logger, fault, _copy.State?.Manifest.Id.ToString() ?? "nothing");
        }
    }

    private sealed record Contact(DateTimeOffset? Last, string? Fault);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Fault} {Publication} stays in force, and the hub is asked again.")]
        public static partial void Away(ILogger logger, string fault, string publication);

        [LoggerMessage(2, LogLevel.Information, "The hub at {Hub} answers as it should.")]
        public static partial void Back(ILogger logger, string hub);

        [LoggerMessage(3, LogLevel.Information, "Publication {Publication} of the hub at {Hub} is here.")]
        public static partial void Taken(ILogger logger, PublicationId? publication, string hub);
    }
}
