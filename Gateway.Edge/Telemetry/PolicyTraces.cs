using System.Diagnostics;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Telemetry;

/// <summary>Writes what <c>trace</c> policies say: to the log by severity, and as events of the span of the request when there is one.</summary>
internal sealed partial class PolicyTraces(ILogger<PolicyTraces> logger)
{
    /// <summary>Texts are cut here.</summary>
    public const int MaximumLength = 8 * 1024;

    private const string Event = "gateway.trace";

    public void Write(in TraceMessage message, Guid requestId, string? api, string? operation)
    {
        var level = message.Severity switch
        {
            TraceSeverity.Error => LogLevel.Error,
            TraceSeverity.Information => LogLevel.Information,
            _ => LogLevel.Debug,
        };
        if (logger.IsEnabled(level))
        {
            Log.Trace(logger, level, Cut(message.Source), Cut(message.Text), requestId, api, operation, Cut(Join(message.Metadata)));
        }

        if (Activity.Current is { IsAllDataRequested: true } activity)
        {
            var tags = new ActivityTagsCollection
            {
                ["gateway.trace.source"] = Cut(message.Source),
                ["gateway.trace.severity"] = message.Severity.ToString().ToLowerInvariant(),
                ["gateway.trace.message"] = Cut(message.Text),
            };
            foreach (var (name, value) in message.Metadata)
            {
                tags[$"gateway.trace.metadata.{Cut(name)}"] = Cut(value);
            }

            activity.AddEvent(new ActivityEvent(Event, tags: tags));
        }
    }

    private static string Join(IReadOnlyList<KeyValuePair<string, string>> metadata) =>
        string.Join(", ", metadata.Select(pair => $"{pair.Key}={pair.Value}"));

    private static string Cut(string text) => text.Length <= MaximumLength ? text : text[..MaximumLength];

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "{Source}: {Message} (request {RequestId}, API {Api}, operation {Operation}; {Metadata})")]
        public static partial void Trace(
            ILogger logger, LogLevel level, string source, string message, Guid requestId, string? api, string? operation, string metadata);
    }
}
