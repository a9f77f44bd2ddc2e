using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Grains.Catalog.Records;

/// <summary>One resource as it stands in the store. Wire: UTF-8 JSON; members are only added.</summary>
internal sealed record CatalogRecord
{
    /// <summary>The version of the shape that this code writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The path below the service; part of the key, not of the value.</summary>
    public required string Id { get; init; }

    /// <summary>The catalog version at which the content last changed.</summary>
    public required long Version { get; init; }

    /// <summary>The open properties as a UTF-8 JSON object.</summary>
    public required byte[] Properties { get; init; }

    /// <summary>The secret and sealed properties, a JSON object in one sealed record; null when there are none.</summary>
    public byte[]? Sealed { get; init; }

    /// <summary>What the content refers to beyond what its kind can tell (policy documents); paths and unique names.</summary>
    public string[] References { get; init; } = [];

    /// <summary>The version as 16 hex digits.</summary>
    public string ETag => Version.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The stored form.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(Properties.Length + (Sealed?.Length * 2 ?? 0) + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", CurrentSchema);
            json.WriteNumber("version", Version);
            json.WritePropertyName("properties");
            json.WriteRawValue(Properties, skipInputValidation: true);
            if (Sealed is not null)
            {
                json.WriteBase64String("sealed", Sealed);
            }

            if (References.Length > 0)
            {
                json.WriteStartArray("references");
                foreach (var reference in References)
                {
                    json.WriteStringValue(reference);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>From the stored form.</summary>
    /// <exception cref="InvalidDataException">Written by a newer program, or not a record.</exception>
    public static CatalogRecord FromBytes(string id, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var schema = root.GetProperty("schema").GetInt32();
            if (schema > CurrentSchema)
            {
                throw new InvalidDataException($"The record of '{id}' has schema {schema}; this program knows schemas up to {CurrentSchema}.");
            }

            return new CatalogRecord
            {
                Id = id,
                Version = root.GetProperty("version").GetInt64(),
                Properties = JsonMarshal.GetRawUtf8Value(root.GetProperty("properties")).ToArray(),
                Sealed = root.TryGetProperty("sealed", out var box) ? box.GetBytesFromBase64() : null,
                References = root.TryGetProperty("references", out var references) ? [.. references.EnumerateArray().Select(item => item.GetString()!)] : [],
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"The record of '{id}' is damaged.", exception);
        }
    }
}
