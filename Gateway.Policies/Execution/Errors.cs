using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Execution;

/// <summary>Why a request failed; sources and reasons are those of the reference product.</summary>
public sealed record LastError : ILastError
{
    /// <summary>The policy's name, or <c>configuration</c>, <c>authorization</c>.</summary>
    public required string Source { get; init; }

    /// <summary>One word, e.g. <c>Timeout</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>A sentence.</summary>
    public required string Message { get; init; }

    /// <summary><c>global</c>, <c>product</c>, <c>api</c> or <c>operation</c>.</summary>
    public string? Scope { get; init; }

    /// <summary><c>inbound</c>, <c>backend</c>, <c>outbound</c> or <c>on-error</c>.</summary>
    public string? Section { get; init; }

    /// <summary>Where in the document, e.g. <c>set-header[2]</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The policy element's own id.</summary>
    public string? PolicyId { get; init; }
}

/// <summary>A policy refuses or fails the request: the on-error section runs, then the answer is sent.</summary>
public class PolicyException(LastError error, int statusCode, string clientMessage, Exception? inner = null)
    : Exception(error.Message, inner)
{
    private ErrorEnvelope? _answer;

    /// <summary>What <c>context.LastError</c> will hold.</summary>
    public LastError Error { get; } = error;

    /// <summary>The status of the answer unless on-error makes another.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>The message in the body of the answer; a status of 500 is answered with the general message instead, unless it is the author's.</summary>
    public string ClientMessage { get; } = clientMessage;

    /// <summary>True: status and message are the author's, who may have chosen 500.</summary>
    public bool IsOfAuthor { get; init; }

    /// <summary>True: the backend's answer stays the answer unless on-error makes another.</summary>
    public bool KeepsResponse { get; init; }

    /// <summary>The answer unless on-error makes another; made once, as one refusal may serve many requests.</summary>
    internal ErrorEnvelope Answer => _answer ??= new(StatusCode, ClientMessage);
}

/// <summary>How a forward failed.</summary>
public enum BackendFailure
{
    /// <summary>No connection, or it broke before the answer's headers.</summary>
    ConnectionFailure,

    /// <summary>No headers in time.</summary>
    Timeout,

    /// <summary>The client went away.</summary>
    ClientAborted,

    /// <summary>The destination is this gateway itself.</summary>
    Loop,

    /// <summary>The answer broke while its body was being copied: the client's connection is aborted.</summary>
    ResponseBroken,

    /// <summary>No usable destination: no service URL, or not an absolute URL of http, https, ws or wss.</summary>
    NoDestination,

    /// <summary>The answer's body is longer than what is kept in memory.</summary>
    TooLong,
}

/// <summary>The backend gave no (whole) answer.</summary>
public sealed class BackendFailedException(BackendFailure failure, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>How.</summary>
    public BackendFailure Failure { get; } = failure;
}
