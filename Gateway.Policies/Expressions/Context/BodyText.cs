using System.Text;
using System.Xml;
using System.Xml.Linq;
using Gateway.Policies.Execution;
using Microsoft.Net.Http.Headers;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Reads bodies as text, JSON and XML, within bounds: what deep nesting would do to a thread's stack no exception can undo.</summary>
internal static class BodyText
{
    private const int DeepestJson = 128;
    private const int DeepestXml = 256;

    private static readonly XmlReaderSettings _xml = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
    };

    /// <summary>The charset that a content type names; UTF-8 when it names none that is known.</summary>
    public static Encoding Charset(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Encoding is { } encoding ? encoding : Encoding.UTF8;

    public static T Read<T>(ReadOnlyMemory<byte> bytes, Encoding charset)
    {
        object value = typeof(T) switch
        {
            var type when type == typeof(byte[]) => bytes.ToArray(),
            var type when type == typeof(string) => Text(bytes, charset),
            var type when typeof(JToken).IsAssignableFrom(type) => Json(Text(bytes, charset)),
            var type when type == typeof(XElement) => Xml(Text(bytes, charset)).Root!,
            var type when type == typeof(XDocument) || type == typeof(XNode) => Xml(Text(bytes, charset)),
            _ => throw new InvalidOperationException("A body can be read as string, byte[], JObject, JArray, JToken, XElement, XDocument and XNode."),
        };
        return value is T wanted ? wanted : throw new InvalidOperationException("The body is JSON of another kind than asked for.");
    }

    private static string Text(ReadOnlyMemory<byte> bytes, Encoding charset)
    {
        using var reader = new StreamReader(BodyChanges.Open(bytes), charset, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static JToken Json(string text)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(text)) { MaxDepth = DeepestJson };
            var token = JToken.ReadFrom(reader);
            while (reader.Read())
            {
                if (reader.TokenType != JsonToken.Comment)
                {
                    throw new InvalidOperationException("The body holds more than one JSON value.");
                }
            }

            return token;
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException("The body is not well-formed JSON, or nested too deep.", e);
        }
    }

    private static XDocument Xml(string text)
    {
        try
        {
            using (var depths = XmlReader.Create(new StringReader(text), _xml))
            {
                while (depths.Read())
                {
                    if (depths.Depth > DeepestXml)
                    {
                        throw new InvalidOperationException("The XML of the body is nested too deep.");
                    }
                }
            }

            using var reader = XmlReader.Create(new StringReader(text), _xml);
            return XDocument.Load(reader);
        }
        catch (XmlException e)
        {
            throw new InvalidOperationException("The body is not well-formed XML, or has a document type.", e);
        }
    }
}
