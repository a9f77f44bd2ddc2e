namespace Gateway.Contracts.Results;

/// <summary>The kinds of expected failure. The management API maps each to one HTTP status.</summary>
public enum ErrorKind
{
    /// <summary>The content is wrong: 400.</summary>
    ValidationError = 0,

    /// <summary>The addressed resource does not exist: 404.</summary>
    ResourceNotFound = 1,

    /// <summary>The ETag given is not the current one: 412.</summary>
    PreconditionFailed = 2,

    /// <summary>The resource is in the way of another, or still referenced: 409.</summary>
    Conflict = 3,

    /// <summary>The state store, or the grain that writes it, cannot be reached now: 503.</summary>
    ServiceUnavailable = 4,

    /// <summary>The resource does not support this verb: 405.</summary>
    MethodNotAllowed = 5,

    /// <summary>The content is larger than the bound that the message states: 413.</summary>
    RequestTooLarge = 6,
}
