using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Edge.Requests;
using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Nodes;

namespace Gateway.Edge.Publications;

/// <summary>Where the feed stands, for readiness, for the node's report and for the next poll.</summary>
internal sealed class FeedState(PublicationFeedOptions options, TimeProvider time, EdgeStatistics? statistics = null) : IReadinessSource, INodeStatusSource
{
    private volatile State _state = new(null, null, null, null, "no silo was asked yet");
    private volatile Behind? _behind;

    /// <summary>For how long a newer publication than the one in force has been known here; zero when none is.</summary>
    public TimeSpan Lag => _behind is { } behind ? time.GetElapsedTime(behind.Since) : TimeSpan.Zero;

    /// <summary>What is in force; null when nothing yet.</summary>
    public PublicationId? Running => _state.Running;

    /// <summary>The newest publication that could not be put in force since, with the reason.</summary>
    public (PublicationId Id, string Reason)? Rejected => _state is { Rejected: { } id, Reason: { } reason } ? (id, reason) : null;

    /// <summary>What to say with the next poll.</summary>
    public FeedPosition Position
    {
        get
        {
            var state = _state;
            return new FeedPosition
            {
                Node = options.Node,
                Running = state.Running,
                Rejected = state.Rejected,
                RejectedBecause = state.Reason,
                ExpressionAbis = [.. options.ExpressionAbis],
                Labels = options.Labels,
                Requests = (statistics?.Requests ?? 0) - state.RequestsBefore,
                Errors = (statistics?.Errors ?? 0) - state.ErrorsBefore,
            };
        }
    }

    /// <inheritdoc />
    public IEnumerable<string> Reasons() => _state is { Running: null, Waiting: var waiting } ? [$"No publication is in force yet, because {waiting}."] : [];

    /// <inheritdoc />
    public NodeReport Describe(NodeReport report)
    {
        var state = _state;
        string[] remarks =
        [
            .. state.Reason is null ? [] : new[] { $"Publication {state.Rejected} was rejected: {state.Reason}." },
            .. state.Unconfirmed is { } source ? new[] { $"The publication in force is from {source}; no silo has confirmed it yet." } : [],
        ];
        return report with
        {
            Publication = state.Running,
            PublicationSince = state.Since,
            Rejected = state.Rejected,
            RejectedBecause = state.Reason,
            Remarks = [.. report.Remarks, .. remarks],
        };
    }

    /// <summary>A publication was offered: from now on this edge lags behind, until one comes into force.</summary>
    public void Offered() => _behind ??= new Behind(time.GetTimestamp());

    /// <summary>A publication came into force.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="unconfirmed">Who gave it instead of a silo; null for the silos.</param>
    public void Applied(PublicationId id, string? unconfirmed)
    {
        _state = new State(id, null, null, unconfirmed, "")
        {
            Since = time.GetUtcNow(), RequestsBefore = statistics?.Requests ?? 0, ErrorsBefore = statistics?.Errors ?? 0,
        };
        _behind = null;
    }

    /// <summary>A publication was refused; what was in force stays.</summary>
    public void Refused(PublicationId id, string reason)
    {
        FeedTelemetry.CountRejection();
        _state = _state with { Rejected = id, Reason = reason, Waiting = $"publication {id} was rejected: {reason}" };
    }

    /// <summary>A silo answered; without a publication when nothing is in force, that means that there is none.</summary>
    public void Answered(bool withPublication) => _state = _state with
    {
        Unconfirmed = null,
        Waiting = _state.Rejected is not null ? _state.Waiting
            : withPublication ? "the first one is being fetched"
            : $"the silos have none for gateway '{options.Gateway}' (is it declared? on a federated site /readyz of the silos says what the hub answers)",
    };

    /// <summary>Nothing can be done now.</summary>
    public void Waits(string because) => _state = _state with { Waiting = because };

    private sealed record State(PublicationId? Running, PublicationId? Rejected, string? Reason, string? Unconfirmed, string Waiting)
    {
        public DateTimeOffset? Since { get; init; }

        // What was answered before it came into force.
        public long RequestsBefore { get; init; }

        public long ErrorsBefore { get; init; }
    }

    private sealed record Behind(long Since);
}
