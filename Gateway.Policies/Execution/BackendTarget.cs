namespace Gateway.Policies.Execution;

/// <summary>Where a request is forwarded to: base + path + query of the base and of the request.</summary>
public sealed class BackendTarget
{
    /// <summary>The backend resource chosen by id; null when only a URL is known. Its credentials go with the request.</summary>
    public BackendInfo? Backend { get; set; }

    /// <summary>The member that the last request to a pool went to; null before, and for no pool.</summary>
    public BackendInfo? Member { get; set; }

    /// <summary>Absolute URL without a slash at its end; null when neither API nor policy named one.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>The query that the base brings along, escaped, with its question mark, or empty. It goes before that of the request.</summary>
    public string BaseQuery { get; set; } = "";

    /// <summary>The Host header chosen by a policy; null sends the host of the URL.</summary>
    public string? Host { get; set; }

    /// <summary>The way to the backend.</summary>
    public ConnectionChoice Connection { get; set; }

    /// <summary>What follows the base, escaped, with a leading slash or empty.</summary>
    public string Path { get; set; } = "";

    /// <summary>The query, escaped, with its question mark, or empty.</summary>
    public string Query { get; set; } = "";

    /// <summary>Both queries in one, escaped, with its question mark, or empty.</summary>
    public string WholeQuery => BaseQuery.Length == 0 ? Query : Query.Length < 2 ? BaseQuery : $"{BaseQuery}&{Query.AsSpan(1)}";
}

/// <summary>How to forward.</summary>
/// <param name="Timeout">Until status and headers of the answer; null for the default of 300 s.</param>
/// <param name="BufferRequestBody">Keep the request body so that it can be sent again.</param>
public sealed record ForwardOptions(TimeSpan? Timeout, bool BufferRequestBody)
{
    /// <summary>The HTTP version towards the backend.</summary>
    public ForwardHttpVersion HttpVersion { get; init; }

    /// <summary>How long the backend may take to ask for a body that was announced with <c>Expect: 100-continue</c>; null for 1 s. Then the body is sent unasked.</summary>
    public TimeSpan? ContinueTimeout { get; init; }

    /// <summary>What a plain <c>forward-request</c> does.</summary>
    public static ForwardOptions Default { get; } = new(null, false);
}

/// <summary>The HTTP version towards a backend.</summary>
public enum ForwardHttpVersion
{
    /// <summary>What fits the request: HTTP/2 when it needs it, else what the host prefers.</summary>
    Default,

    /// <summary>HTTP/1.1.</summary>
    Http1,

    /// <summary>HTTP/2 when the backend offers it, else HTTP/1.1.</summary>
    Http2OrHttp1,

    /// <summary>HTTP/2, also without TLS.</summary>
    Http2,
}
