using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Contracts.Results;

namespace Gateway.Management.Errors;

/// <summary>An answer of the management API as a value: status, headers, body.</summary>
internal sealed record Answer(int Status)
{
    private static readonly JsonWriterOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How JSON nodes are written: text as it is, because an answer is never part of an HTML page.</summary>
    public static JsonSerializerOptions NodeJson { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body, UTF-8 JSON unless <see cref="ContentType"/> says otherwise; null sends none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The catalog version that holds what was written; null when nothing was.</summary>
    public long? CatalogVersion { get; init; }

    /// <summary>What the body is.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Headers besides those of the body.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>An answer with a body.</summary>
    public static Answer Json(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, _json))
        {
            write(writer);
        }

        return new Answer(status) { Body = buffer.WrittenMemory };
    }

    /// <summary>An error that no <see cref="ErrorKind"/> stands for.</summary>
    public static Answer Error(int status, string code, string message) =>
        Json(status, writer => ErrorEnvelope.Write(writer, code, message, []));

    /// <summary>The same answer with one more header.</summary>
    public Answer With(string name, string? value) =>
        value is null ? this : this with { Headers = [.. Headers, (name, value)] };

    /// <summary>The same answer with the ETag of a resource.</summary>
    public Answer WithETag(string? etag) => With("ETag", etag is null ? null : $"\"{etag}\"");
}
