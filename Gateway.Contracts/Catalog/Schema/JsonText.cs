using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Catalog.Schema;

/// <summary>Reads and writes the JSON of resources.</summary>
public static class JsonText
{
    /// <summary>Nesting at most.</summary>
    public const int MaximumDepth = 64;

    private static readonly JsonDocumentOptions _reading = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions _writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaximumDepth };

    /// <summary>The JSON object in UTF-8 text: no duplicate properties, no broken surrogates, no byte order mark needed.</summary>
    public static Result<JsonObject> ParseObject(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        try
        {
            return FindBrokenText(utf8) is { } broken
                ? Refused(broken)
                : JsonNode.Parse(utf8, documentOptions: _reading) is JsonObject found ? found : Refused("must be a JSON object.");
        }
        catch (JsonException exception)
        {
            return Refused($"is not valid JSON: {exception.Message}");
        }
    }

    /// <summary>Compact UTF-8, with only the escapes that JSON needs; for stores and wires, not for HTML.</summary>
    public static byte[] Write(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, _writing);

    private static string? FindBrokenText(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaximumDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    return $"holds a string with half a surrogate pair, at byte {reader.TokenStartIndex}.";
                }
            }
        }

        return null;
    }

    private static GatewayError Refused(string message) => new(ErrorKind.ValidationError, $"The content {message}");
}
