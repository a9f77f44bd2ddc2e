using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Federation;

/// <summary>
/// A part of a publication as a hub gives it to a site: the chunk with its checked policies, and the texts of their expressions, which
/// the site compiles. Wire: UTF-8 JSON, members in this order.
/// </summary>
/// <param name="Salt">What nobody can guess; a function of the rest, so that equal parts are equal.</param>
/// <param name="Program">The key by which the chunk's policies name their program; null without expressions.</param>
/// <param name="Expressions">The texts of the program's slots.</param>
/// <param name="Content">The chunk: UTF-8 JSON of the record that its kind says.</param>
public sealed record FederatedPart(string Salt, string? Program, IReadOnlyList<string> Expressions, ReadOnlyMemory<byte> Content)
{
    /// <summary>Expressions of one part at most.</summary>
    public const int MaximumExpressions = 65_536;

    private const int MaximumDepth = 32;

    /// <summary>The bytes.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(Content.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("salt", Salt);
            if (Program is not null)
            {
                json.WriteString("program", Program);
                json.WriteStartArray("expressions");
                foreach (var text in Expressions)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
            }

            json.WritePropertyName("content");
            json.WriteRawValue(Content.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a part; what is inside its content is not looked at.</summary>
    public static Result<FederatedPart> Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("salt", out var salt) || salt.ValueKind != JsonValueKind.String)
            {
                return Wrong("it lacks its content or its salt");
            }

            var program = root.TryGetProperty("program", out var named) ? named.GetString() : null;
            string[] expressions = root.TryGetProperty("expressions", out var texts)
                ? [.. texts.EnumerateArray().Take(MaximumExpressions + 1).Select(text => text.GetString() ?? "")]
                : [];
            return program is null != (expressions.Length == 0) ? Wrong("it names a program without expressions, or the other way round")
                : expressions.Length > MaximumExpressions ? Wrong($"it has more than {MaximumExpressions} expressions")
                : new FederatedPart(salt.GetString()!, program, expressions, JsonMarshal.GetRawUtf8Value(content).ToArray());
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return Wrong("it is no JSON of a part");
        }
    }

    private static GatewayError Wrong(string reason) => new(ErrorKind.ValidationError, $"A part of the hub's publication cannot be read: {reason}.");
}
