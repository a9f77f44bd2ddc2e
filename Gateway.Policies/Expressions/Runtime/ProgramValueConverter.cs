using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>
/// Writes values whose types belong to a program: anonymous objects, and collections of them. The serialiser itself must not see these types,
/// as it keeps what it learns of a type for ever, and so the program in memory after it is unloaded.
/// </summary>
internal sealed class ProgramValueConverter : JsonConverter
{
    private static readonly ProgramValueConverter _instance = new();
    private static readonly ConditionalWeakTable<Type, JsonContract> _contracts = [];
    private static readonly ConditionalWeakTable<Type, PropertyInfo[]> _properties = [];

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <summary>What the serialiser is told of such a type: the one kind of contract that looks nothing up.</summary>
    public static JsonContract Contract(Type type) =>
        _contracts.GetValue(type, type => new JsonLinqContract(type) { Converter = _instance });

    /// <inheritdoc/>
    public override bool CanConvert(Type objectType) => objectType.IsCollectible;

    /// <inheritdoc/>
    public override object ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer)
    {
        switch (value)
        {
            case null:
                writer.WriteNull();
                break;
            case IDictionary map:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in map)
                {
                    Write(writer, Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, entry.Value, serializer);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    serializer.Serialize(writer, item);
                }

                writer.WriteEndArray();
                break;
            case ITuple tuple:
                writer.WriteStartObject();
                for (var i = 0; i < tuple.Length; i++)
                {
                    Write(writer, $"Item{i + 1}", tuple[i], serializer);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStartObject();
                foreach (var property in _properties.GetValue(value.GetType(), type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)))
                {
                    Write(writer, property.Name, property.GetValue(value), serializer);
                }

                writer.WriteEndObject();
                break;
        }
    }

    private static void Write(JsonWriter writer, string name, object? value, JsonSerializer serializer)
    {
        writer.WritePropertyName(name);
        serializer.Serialize(writer, value);
    }
}
