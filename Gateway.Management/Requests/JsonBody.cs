using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Gateway.Contracts.Results;

namespace Gateway.Management.Requests;

/// <summary>
/// Parses JSON from callers. One pass before anything is built finds what would fail later or cost too much: bad syntax,
/// deep nesting, too many values, and escapes that make no text.
/// </summary>
internal static class JsonBody
{
    private const int MaximumDepth = 64;
    private static readonly byte[] _byteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>The JSON object in the text, or one error with line and position (both from 1).</summary>
    /// <param name="utf8">The text; empty text is an empty object.</param>
    /// <param name="maximumValues">Values, names and brackets at most.</param>
    /// <param name="what">What the text is, for messages.</param>
    /// <param name="target">What errors point at.</param>
    public static Result<JsonObject> Parse(ReadOnlyMemory<byte> utf8, int maximumValues, string what = "body", string target = "body")
    {
        var text = utf8.Span.StartsWith(_byteOrderMark) ? utf8[3..] : utf8;
        if (text.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return new JsonObject();
        }

        if (!Utf8.IsValid(text.Span))
        {
            return Invalid(what, target, "it holds bytes that are not UTF-8");
        }

        try
        {
            if (Scan(text.Span, maximumValues, what, target) is { } error)
            {
                return error;
            }

            var node = JsonNode.Parse(text.Span, null, new JsonDocumentOptions { MaxDepth = MaximumDepth, AllowDuplicateProperties = false });
            return node is JsonObject found ? found : Invalid(what, target, "it must be an object");
        }
        catch (JsonException exception)
        {
            return Invalid(what, target, Describe(exception));
        }
    }

    private static GatewayError? Scan(ReadOnlySpan<byte> text, int maximumValues, string what, string target)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaximumDepth });
        var count = 0;
        while (reader.Read())
        {
            if (++count > maximumValues)
            {
                return new GatewayError(ErrorKind.RequestTooLarge, $"The {what} holds more than {maximumValues} JSON values.");
            }

            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader))
            {
                return Invalid(what, target, $"a string holds half of a surrogate pair {At(text, (int)reader.TokenStartIndex)}");
            }
        }

        return null;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped || reader.ValueSpan.IndexOf("\\u"u8) < 0)
        {
            return true;
        }

        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string At(ReadOnlySpan<byte> text, int index)
    {
        var before = text[..index];
        var line = before.Count((byte)'\n') + 1;
        var position = index - (before.LastIndexOf((byte)'\n') + 1) + 1;
        return $"(line {line}, position {position})";
    }

    private static string Describe(JsonException exception)
    {
        // The library appends its own zero-based "Path: … | LineNumber: … | BytePositionInLine: …" to the sentence.
        var sentence = exception.Message;
        var end = sentence.IndexOf(" Path: ", StringComparison.Ordinal);
        end = end < 0 ? sentence.IndexOf(" LineNumber: ", StringComparison.Ordinal) : end;
        var cause = new StringBuilder(end < 0 ? sentence : sentence[..end]).Replace('\r', ' ').Replace('\n', ' ').ToString();
        return exception.LineNumber is { } line ? $"{cause.TrimEnd('.')} (line {line + 1}, position {exception.BytePositionInLine + 1})" : cause.TrimEnd('.');
    }

    private static GatewayError Invalid(string what, string target, string cause) =>
        new(ErrorKind.ValidationError, $"The {what} is not valid JSON: {cause}.") { Target = target };
}
