namespace Gateway.Policies.Expressions.Api;

/// <summary>Why a request failed.</summary>
public interface ILastError
{
    /// <summary>A sentence.</summary>
    string Message { get; }

    /// <summary>Where in the document, e.g. <c>choose[3]/when[2]</c>; null when no policy failed.</summary>
    string? Path { get; }

    /// <summary>The <c>id</c> of the policy's element; null without one.</summary>
    string? PolicyId { get; }

    /// <summary>One word, e.g. <c>Timeout</c>.</summary>
    string Reason { get; }

    /// <summary><c>global</c>, <c>product</c>, <c>api</c> or <c>operation</c>; null when no policy failed.</summary>
    string? Scope { get; }

    /// <summary><c>inbound</c>, <c>backend</c>, <c>outbound</c> or <c>on-error</c>; null when the request failed before its pipeline.</summary>
    string? Section { get; }

    /// <summary>The policy's name, or <c>configuration</c>, <c>authorization</c>.</summary>
    string Source { get; }
}
