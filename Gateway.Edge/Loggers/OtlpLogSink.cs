using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Loggers;

/// <summary>
/// Sends messages as log records to an OpenTelemetry collector (OTLP over HTTP, JSON): to <c>v1/logs</c> below the URL in the credential <c>url</c>; with the
/// credential <c>authorization</c> as header of that name.
/// </summary>
internal sealed class OtlpLogSink(LogPost post, EdgeOptions options) : ILogSink
{
    // Of the protocol: SEVERITY_NUMBER_INFO.
    private const int Information = 9;

    public string Type => "otlp";

    public Task WriteAsync(LoggerInfo logger, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        var address = logger.Credentials.GetValueOrDefault("url") is { Length: > 0 } url ? $"{url.TrimEnd('/')}/v1/logs" : null;
        return post.SendAsync(logger, address, "application/json", Write(logger, entries), cancellationToken);
    }

    private ReadOnlyMemory<byte> Write(LoggerInfo logger, IReadOnlyList<LogEntry> entries)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceLogs");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            json.WriteStartArray("attributes");
            Attribute(json, "service.name", "gateway");
            Attribute(json, "service.namespace", options.ServiceId);
            Attribute(json, "service.instance.id", options.NodeName);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("scopeLogs");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", "Gateway.Policies");
            json.WriteEndObject();
            json.WriteStartArray("logRecords");
            foreach (var entry in entries)
            {
                Record(json, logger, entry);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private static void Record(Utf8JsonWriter json, LoggerInfo logger, LogEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("timeUnixNano", ((entry.Time - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("severityNumber", Information);
        json.WriteStartObject("body");
        // Bytes that are no text become replacement characters: the writer would refuse them.
        json.WriteString("stringValue", Encoding.UTF8.GetString(entry.Content.Span));
        json.WriteEndObject();
        json.WriteStartArray("attributes");
        Attribute(json, "gateway.logger.id", logger.Id);
        if (entry.Partition is { } partition)
        {
            Attribute(json, "gateway.logger.partition", partition);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Attribute(Utf8JsonWriter json, string key, string value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
        json.WriteString("stringValue", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
