using Gateway.Policies.Execution;

namespace Gateway.Edge.Loggers;

/// <summary>
/// Posts messages to the URL in the credential <c>url</c>, one a line (<c>application/x-ndjson</c>); with the credential <c>authorization</c> as header of that name.
/// </summary>
internal sealed class HttpLogSink(LogPost post) : ILogSink
{
    public string Type => "http";

    public Task WriteAsync(LoggerInfo logger, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        foreach (var entry in entries)
        {
            body.Write(LogLines.Of(entry).Span);
        }

        return post.SendAsync(logger, logger.Credentials.GetValueOrDefault("url"), "application/x-ndjson", body.ToArray(), cancellationToken);
    }
}
