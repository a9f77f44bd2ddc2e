using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Reads and writes JSON while charging for it. Types are never taken from the text.</summary>
internal static class ChargedJson
{
    private static readonly JsonSerializer _serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new PlainContracts(),
        TypeNameHandling = TypeNameHandling.None,
        MetadataPropertyHandling = MetadataPropertyHandling.Ignore,
        MaxDepth = JsonChargedReader.MaximumDepth,
    });

    /// <summary>The text of a value.</summary>
    public static string Write(object? value, Formatting formatting) => BoundedText.Write(builder =>
    {
        using var text = new StringWriter(builder, CultureInfo.InvariantCulture);
        using var writer = new JsonChargedWriter(text) { Formatting = formatting };
        _serializer.Serialize(writer, value);
    });

    /// <summary>A value as a token.</summary>
    public static JToken ToToken(object value)
    {
        using var writer = new JsonChargedTokenWriter();
        _serializer.Serialize(writer, value);
        return writer.Token!.Attached().Looked();
    }

    /// <summary>The token of a text.</summary>
    public static JToken Read(string json)
    {
        using var reader = new JsonChargedReader(json);
        var token = JToken.Load(reader);
        while (reader.Read())
        {
            // Throws at anything but comments.
        }

        return token.Looked();
    }

    /// <summary>A value of a type that JSON may become.</summary>
    public static T? Read<T>(string json)
    {
        using var reader = new JsonChargedReader(json);
        return _serializer.Deserialize<T>(reader).Looked();
    }

    /// <summary>A token as a value of a type that JSON may become.</summary>
    public static T? Convert<T>(JToken token)
    {
        Budget.Look();
        return token.ToObject<T>(_serializer).Looked();
    }
}
