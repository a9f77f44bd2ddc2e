using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Contracts.Catalog.Schema;

/// <summary>A JSON object with known properties.</summary>
public sealed record ObjectSchema : PropertySchema, IEnumerable<KeyValuePair<string, PropertySchema>>
{
    private readonly OrderedDictionary<string, PropertySchema> _properties = new(StringComparer.Ordinal);

    /// <summary>The schema of a property; null when unknown.</summary>
    public PropertySchema? this[string name]
    {
        get => _properties.GetValueOrDefault(name);
        init => _properties[name] = value!;
    }

    /// <inheritdoc />
    public override JsonNode? Read(JsonNode value, string path, SchemaReading reading) => Read(value, path, reading, isPatch: false);

    /// <summary>Reads an object. A patch may leave out anything, keeps JSON null (which removes), and gets no defaults.</summary>
    public JsonObject? Read(JsonNode value, string path, SchemaReading reading, bool isPatch)
    {
        if (value is not JsonObject source)
        {
            reading.Errors.Add(path, $"'{path}' must be a JSON object.");
            return null;
        }

        foreach (var (name, _) in source)
        {
            if (!_properties.ContainsKey(name))
            {
                AddIgnored($"{path}.{name}", reading);
            }
        }

        var result = new JsonObject();
        foreach (var (name, schema) in _properties)
        {
            var at = $"{path}.{name}";
            if (source.TryGetPropertyValue(name, out var found) && (found is not null || isPatch))
            {
                if (schema.IsReadOnly)
                {
                    continue;
                }

                if (found is null)
                {
                    result[name] = null;
                }
                else if ((schema is ObjectSchema nested ? nested.Read(found, at, reading, isPatch) : schema.Read(found, at, reading)) is { } canonical)
                {
                    result[name] = canonical;
                }
            }
            else if (!isPatch && schema is { IsRequired: true, IsReadOnly: false })
            {
                reading.Errors.Add(at, $"'{at}' is required.");
            }
            else if (!isPatch && schema.Default is { } value0)
            {
                result[name] = value0.DeepClone();
            }
        }

        return result;
    }

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, PropertySchema>> GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void AddIgnored(string path, SchemaReading reading)
    {
        if (reading.Ignored.Count < SchemaReading.MaximumIgnored)
        {
            reading.Ignored.Add(path.StartsWith("properties.", StringComparison.Ordinal) ? path["properties.".Length..] : path);
        }
    }
}

/// <summary>A JSON array whose elements have one shape.</summary>
public sealed record ListSchema(PropertySchema Element) : PropertySchema
{
    /// <summary>Elements at most.</summary>
    public int Maximum { get; init; } = 1000;

    /// <inheritdoc />
    public override JsonNode? Read(JsonNode value, string path, SchemaReading reading)
    {
        if (value is not JsonArray source)
        {
            reading.Errors.Add(path, $"'{path}' must be a JSON array.");
            return null;
        }

        if (source.Count > Maximum)
        {
            reading.Errors.Add(path, $"'{path}' must have at most {Maximum} elements; it has {source.Count}.");
            return null;
        }

        var result = new JsonArray();
        for (var i = 0; i < source.Count; i++)
        {
            var at = $"{path}[{i}]";
            if (source[i] is not { } element)
            {
                reading.Errors.Add(at, $"'{at}' must not be null.");
            }
            else if (Element.Read(element, at, reading) is { } canonical)
            {
                result.Add(canonical);
            }
        }

        return result;
    }
}

/// <summary>Any JSON value, stored as it is.</summary>
public sealed record AnySchema : PropertySchema
{
    /// <inheritdoc />
    public override JsonNode? Read(JsonNode value, string path, SchemaReading reading) => value.DeepClone();
}

/// <summary>A JSON object whose property names are free and whose values have one shape.</summary>
public sealed record MapSchema(PropertySchema Element) : PropertySchema
{
    /// <inheritdoc />
    public override JsonNode? Read(JsonNode value, string path, SchemaReading reading)
    {
        if (value is not JsonObject source || value.GetValueKind() != JsonValueKind.Object)
        {
            reading.Errors.Add(path, $"'{path}' must be a JSON object.");
            return null;
        }

        var result = new JsonObject();
        foreach (var (name, element) in source)
        {
            if (element is not null && Element.Read(element, $"{path}.{name}", reading) is { } canonical)
            {
                result[name] = canonical;
            }
        }

        return result;
    }
}
