using System.Text.Json;
using Gateway.Edge.Requests;
using Gateway.Policies.Caching;

namespace Gateway.Edge.AccessLog;

/// <summary>Writes one record as one line of JSON. What a client sent is escaped: no byte of it can end a string or a line.</summary>
internal static class AccessLogLine
{
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText RequestId = JsonEncodedText.Encode("requestId");
    private static readonly JsonEncodedText Method = JsonEncodedText.Encode("method");
    private static readonly JsonEncodedText Path = JsonEncodedText.Encode("path");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText DurationMs = JsonEncodedText.Encode("durationMs");
    private static readonly JsonEncodedText BackendMs = JsonEncodedText.Encode("backendMs");
    private static readonly JsonEncodedText ApiId = JsonEncodedText.Encode("apiId");
    private static readonly JsonEncodedText OperationId = JsonEncodedText.Encode("operationId");
    private static readonly JsonEncodedText ProductId = JsonEncodedText.Encode("productId");
    private static readonly JsonEncodedText SubscriptionId = JsonEncodedText.Encode("subscriptionId");
    private static readonly JsonEncodedText ClientIp = JsonEncodedText.Encode("clientIp");
    private static readonly JsonEncodedText RequestSize = JsonEncodedText.Encode("requestSize");
    private static readonly JsonEncodedText ResponseSize = JsonEncodedText.Encode("responseSize");
    private static readonly JsonEncodedText ErrorSource = JsonEncodedText.Encode("errorSource");
    private static readonly JsonEncodedText ErrorReason = JsonEncodedText.Encode("errorReason");
    private static readonly JsonEncodedText Cache = JsonEncodedText.Encode("cache");
    private static readonly JsonEncodedText ShadowRefusals = JsonEncodedText.Encode("shadowRefusals");
    private static readonly JsonEncodedText Dropped = JsonEncodedText.Encode("dropped");

    /// <summary>Writes a record, without the line's end.</summary>
    public static void Write(Utf8JsonWriter writer, in RequestRecord record)
    {
        writer.WriteStartObject();
        writer.WriteString(Timestamp, record.Timestamp.UtcDateTime);
        writer.WriteString(RequestId, record.RequestId);
        writer.WriteString(Method, record.Method);
        writer.WriteString(Path, record.Target.AsSpan()[record.Path]);
        writer.WriteNumber(Status, record.Status);
        WriteMilliseconds(writer, DurationMs, record.Duration);
        if (record.BackendDuration is { } backend)
        {
            WriteMilliseconds(writer, BackendMs, backend);
        }

        WriteText(writer, ApiId, record.ApiId);
        WriteText(writer, OperationId, record.OperationId);
        WriteText(writer, ProductId, record.ProductId);
        WriteText(writer, SubscriptionId, record.SubscriptionId);
        WriteText(writer, ClientIp, record.ClientIp);
        WriteSize(writer, RequestSize, record.RequestSize);
        WriteSize(writer, ResponseSize, record.ResponseSize);
        WriteText(writer, ErrorSource, record.ErrorSource);
        WriteText(writer, ErrorReason, record.ErrorReason);
        WriteText(writer, Cache, record.Cache switch { CacheResult.None => null, CacheResult.Miss => "miss", _ => "hit" });
        WriteList(writer, ShadowRefusals, record.ShadowRefusals);
        writer.WriteEndObject();
    }

    /// <summary>Writes that lines are missing here.</summary>
    public static void WriteDrops(Utf8JsonWriter writer, DateTimeOffset now, long dropped)
    {
        writer.WriteStartObject();
        writer.WriteString(Timestamp, now.UtcDateTime);
        writer.WriteNumber(Dropped, dropped);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, JsonEncodedText name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteList(Utf8JsonWriter writer, JsonEncodedText name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void WriteSize(Utf8JsonWriter writer, JsonEncodedText name, long? value)
    {
        if (value is { } size)
        {
            writer.WriteNumber(name, size);
        }
    }

    /// <summary>Milliseconds with three digits behind the point. Whole microseconds are written much faster than a rounded double.</summary>
    private static void WriteMilliseconds(Utf8JsonWriter writer, JsonEncodedText name, TimeSpan value)
    {
        Span<byte> text = stackalloc byte[32];
        var (whole, micro) = Math.DivRem(value.Ticks / TimeSpan.TicksPerMicrosecond, 1000);
        whole.TryFormat(text, out var length);
        text[length++] = (byte)'.';
        micro.TryFormat(text[length..], out var digits, "D3");
        writer.WritePropertyName(name);
        writer.WriteRawValue(text[..(length + digits)], skipInputValidation: true);
    }
}
