using System.Collections.Frozen;

namespace Gateway.Policies.Policies.Validation;

/// <summary>Headers that belong to HTTP itself and need not be defined.</summary>
internal static class CommonHeaders
{
    /// <summary>Those of requests.</summary>
    public static FrozenSet<string> OfRequests { get; } = new[]
    {
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Connection", "Content-Encoding", "Content-Length", "Content-Type",
        "Cookie", "Date", "Expect", "Forwarded", "Host", "Keep-Alive", "Origin", "Pragma", "Priority", "Range", "Referer", "Request-Id", "TE", "Traceparent", "Tracestate",
        "Transfer-Encoding", "Upgrade", "User-Agent", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Those of responses.</summary>
    public static FrozenSet<string> OfResponses { get; } = new[]
    {
        "Accept-Ranges", "Age", "Cache-Control", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date", "ETag", "Expires", "Keep-Alive", "Last-Modified", "Pragma",
        "Server", "Trailer", "Transfer-Encoding", "Upgrade", "Vary", "Via",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
