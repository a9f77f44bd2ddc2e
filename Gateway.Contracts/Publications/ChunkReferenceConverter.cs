using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Contracts.Publications;

/// <summary>
/// The JSON of a chunk's reference, as the serializer would write it. Written out because lists of references are most of what a change makes nodes
/// read: every manifest names up to 65, whichever chunk changed.
/// </summary>
internal sealed class ChunkReferenceConverter : JsonConverter<ChunkReference>
{
    private static readonly JsonEncodedText _kind = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText _id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText _name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText _length = JsonEncodedText.Encode("length");
    private static readonly JsonEncodedText[] _kinds = [.. Enum.GetNames<ChunkKind>().Select(name => JsonEncodedText.Encode(name))];

    /// <inheritdoc />
    public override ChunkReference Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A chunk's reference is an object.");
        }

        var (kind, id, name, length) = (default(ChunkKind), default(string), default(string), 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(_kind.EncodedUtf8Bytes))
            {
                reader.Read();
                kind = Kind(ref reader);
            }
            else if (reader.ValueTextEquals(_id.EncodedUtf8Bytes))
            {
                reader.Read();
                id = Text(ref reader);
            }
            else if (reader.ValueTextEquals(_name.EncodedUtf8Bytes))
            {
                reader.Read();
                name = Text(ref reader);
            }
            else if (reader.ValueTextEquals(_length.EncodedUtf8Bytes))
            {
                reader.Read();
                length = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : throw new JsonException("A chunk's length is a number.");
            }
            else
            {
                // Of a newer version.
                reader.Skip();
            }
        }

        // What is missing the rules of manifests and pages object to.
        return new ChunkReference(kind, id!, name!, length);
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, ChunkReference value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(_kind, _kinds[(int)value.Kind]);
        writer.WriteString(_id, value.Id);
        writer.WriteString(_name, value.Name);
        writer.WriteNumber(_length, value.Length);
        writer.WriteEndObject();
    }

    private static ChunkKind Kind(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            for (var kind = 0; kind < _kinds.Length; kind++)
            {
                if (reader.ValueTextEquals(_kinds[kind].EncodedUtf8Bytes))
                {
                    return (ChunkKind)kind;
                }
            }
        }

        throw new JsonException("This version knows no such kind of chunk.");
    }

    private static string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException("A chunk's id and name are texts.");
}
