using System.Text;
using System.Xml;
using System.Xml.Linq;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Runtime;
using Microsoft.Net.Http.Headers;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Reads bodies as text, JSON and XML, within bounds: what deep nesting would do to a thread's stack no exception can undo.</summary>
internal static class BodyText
{
    /// <summary>The charset that a content type names; UTF-8 when it names none that is known.</summary>
    public static Encoding Charset(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Encoding is { } encoding ? encoding : Encoding.UTF8;

    /// <summary>What a body says. Of an empty one it is an empty text, no bytes, and null of every other kind.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, Encoding charset)
    {
        if (bytes.IsEmpty && typeof(T) != typeof(string) && typeof(T) != typeof(byte[]))
        {
            return default!;
        }

        object value = typeof(T) switch
        {
            var type when type == typeof(byte[]) => Bytes(bytes),
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
        Budget.Reserve(2L * bytes.Length);
        using var reader = new StreamReader(BodyChanges.Open(bytes), charset, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static JToken Json(string text)
    {
        try
        {
            return ChargedJson.Read(text);
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
            return ChargedXDocument.Parse(text);
        }
        catch (XmlException e)
        {
            throw new InvalidOperationException("The body is not well-formed XML, is nested too deep, or has a document type.", e);
        }
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> bytes)
    {
        Budget.Reserve(bytes.Length);
        return bytes.ToArray();
    }
}
