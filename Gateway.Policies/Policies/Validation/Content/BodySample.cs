using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>
/// Makes an example of what a schema describes: of the examples, defaults and listed values that stand in it, else a value of the type. Types that hold themselves, or grow
/// with each level, are cut: what is left out is null or not there.
/// </summary>
internal sealed class BodySample
{
    private const int MostValues = 2_000;
    private const int MostLevels = 16;
    private int _left = MostValues;

    /// <summary>The example, as JSON in UTF-8.</summary>
    public byte[] Make(JsonSchema schema) => Encoding.UTF8.GetBytes((Value(schema, []) ?? JValue.CreateNull()).ToString(Formatting.None));

    private JToken? Value(JsonSchema described, JsonSchema[] around)
    {
        var schema = described.ActualSchema;
        if (--_left < 0 || around.Length == MostLevels || around.Contains(schema))
        {
            return null;
        }

        if ((described.Example ?? schema.Example ?? schema.Default ?? schema.Enumeration.FirstOrDefault()) is { } given)
        {
            return JToken.FromObject(given);
        }

        JsonSchema[] inside = [.. around, schema];
        var kind = schema.Type & ~JsonObjectType.Null;
        return schema.OneOf.Concat(schema.AnyOf).FirstOrDefault() is { } choice ? Value(choice, inside)
            : kind.HasFlag(JsonObjectType.Array) ? Items(schema, inside)
            : kind.HasFlag(JsonObjectType.Integer) ? new JValue((long)(schema.Minimum ?? 0))
            : kind.HasFlag(JsonObjectType.Number) ? new JValue(schema.Minimum ?? 0)
            : kind.HasFlag(JsonObjectType.Boolean) ? new JValue(true)
            : kind.HasFlag(JsonObjectType.String) ? new JValue(Text(schema))
            : kind.HasFlag(JsonObjectType.Object) || schema.Properties.Count + schema.AllOf.Count > 0 ? Members(schema, inside)
            : null;
    }

    private JObject Members(JsonSchema schema, JsonSchema[] inside)
    {
        var value = new JObject();
        foreach (var part in schema.AllOf)
        {
            if (Value(part, inside) is JObject members)
            {
                value.Merge(members);
            }
        }

        foreach (var (name, property) in schema.Properties.Where(property => !property.Value.IsWriteOnly))
        {
            if (Value(property, inside) is { } member)
            {
                value[name] = member;
            }
        }

        return value;
    }

    private JArray Items(JsonSchema schema, JsonSchema[] inside) => schema.Item is { } item && Value(item, inside) is { } value ? [value] : [];

    private static string Text(JsonSchema schema)
    {
        var text = schema.Format switch
        {
            JsonFormatStrings.Date => "2024-01-31",
            JsonFormatStrings.DateTime => "2024-01-31T12:00:00Z",
            JsonFormatStrings.Time => "12:00:00",
            JsonFormatStrings.Email => "name@example.com",
            JsonFormatStrings.Guid or "uuid" => "00000000-0000-0000-0000-000000000000",
            JsonFormatStrings.Hostname => "example.com",
            JsonFormatStrings.IpV4 => "192.0.2.1",
            JsonFormatStrings.IpV6 => "2001:db8::1",
            JsonFormatStrings.Uri => "https://example.com/",
            _ => "string",
        };
        return schema.MaxLength is { } most && most < text.Length ? text[..Math.Max(most, 0)] : text;
    }
}
