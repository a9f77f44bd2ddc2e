using Gateway.Policies.Caching;

namespace Gateway.Edge.Requests;

/// <summary>What happened to one request. Written once, at its end; metrics, access log and reports all come from it.</summary>
internal readonly record struct RequestRecord
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>From its headers to the end of its answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Waiting for backends to begin their answers; null when none was asked.</summary>
    public TimeSpan? BackendDuration { get; init; }

    /// <summary>Names it.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Its method.</summary>
    public required string Method { get; init; }

    /// <summary>Its target as sent. Only the path may be written: the query may hold a key.</summary>
    public required string Target { get; init; }

    /// <summary>Where the path stands in the target.</summary>
    public required Range Path { get; init; }

    /// <summary>The status answered; <see cref="ClientClosed"/> when the client went away before there was one.</summary>
    public required int Status { get; init; }

    /// <summary>The API's id; null when none matched.</summary>
    public string? ApiId { get; init; }

    /// <summary>The operation's id; null when none matched.</summary>
    public string? OperationId { get; init; }

    /// <summary>The id of the product entered; null for none.</summary>
    public string? ProductId { get; init; }

    /// <summary>The id of the key's subscription; null without a key.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>The client's address.</summary>
    public string? ClientIp { get; init; }

    /// <summary>Bytes of the request's body, when its headers say so.</summary>
    public long? RequestSize { get; init; }

    /// <summary>Bytes of the answer's body, when its headers say so.</summary>
    public long? ResponseSize { get; init; }

    /// <summary>The policy at fault; null when nothing failed.</summary>
    public string? ErrorSource { get; init; }

    /// <summary>What failed, in one word; null when nothing failed.</summary>
    public string? ErrorReason { get; init; }

    /// <summary>What came of looking for a cached response.</summary>
    public CacheResult Cache { get; init; }

    /// <summary>The bytes of the response that it has left in a cache; 0 for none.</summary>
    public long CachedBytes { get; init; }

    /// <summary>Policies whose limits are in shadow and would have refused it; null for none.</summary>
    public IReadOnlyList<string>? ShadowRefusals { get; init; }

    /// <summary>Stands for the status when the client went away before there was one.</summary>
    public const int ClientClosed = 499;
}
