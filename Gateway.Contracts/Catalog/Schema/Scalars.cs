using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Contracts.Catalog.Schema;

/// <summary>A string.</summary>
public sealed record TextSchema : PropertySchema
{
    /// <summary>Characters at least; 1 unless said.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>Characters at most.</summary>
    public int Maximum { get; init; } = 4096;

    /// <summary>A further rule: null when the text is fine, else a sentence that says what it must be.</summary>
    public Func<string, string?>? Rule { get; init; }

    /// <summary>The canonical spelling of a text; applied before the rules.</summary>
    public Func<string, string>? Normalize { get; init; }

    /// <inheritdoc />
    public override JsonNode? Read(JsonNode value, string path, SchemaReading reading)
    {
        if (value.GetValueKind() != JsonValueKind.String)
        {
            reading.Errors.Add(path, $"'{path}' must be a string.");
            return null;
        }

        var text = value.GetValue<string>();
        text = Normalize?.Invoke(text) ?? text;
        if (text.Length < Minimum || text.Length > Maximum)
        {
            reading.Errors.Add(path, Minimum == 0
                ? $"'{path}' must have at most {Maximum} characters; it has {text.Length}."
                : $"'{path}' must have {Minimum} to {Maximum} characters; it has {text.Length}.");
            return null;
        }

        if (Rule?.Invoke(text) is { } broken)
        {
            reading.Errors.Add(path, $"'{path}' {broken}");
            return null;
        }

        return JsonValue.Create(text);
    }
}

/// <summary>True or false.</summary>
public sealed record FlagSchema : PropertySchema
{
    /// <inheritdoc />
    public override JsonNode? Read(JsonNode value, string path, SchemaReading reading)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True: return JsonValue.Create(true);
            case JsonValueKind.False: return JsonValue.Create(false);
            default:
                reading.Errors.Add(path, $"'{path}' must be true or false.");
                return null;
        }
    }
}

/// <summary>A whole number.</summary>
public sealed record NumberSchema : PropertySchema
{
    /// <summary>The least value.</summary>
    public long Minimum { get; init; }

    /// <summary>The greatest value.</summary>
    public long Maximum { get; init; } = int.MaxValue;

    /// <inheritdoc />
    public override JsonNode? Read(JsonNode value, string path, SchemaReading reading)
    {
        if (value is JsonValue number && number.TryGetValue<long>(out var found) && found >= Minimum && found <= Maximum)
        {
            return JsonValue.Create(found);
        }

        reading.Errors.Add(path, $"'{path}' must be a whole number from {Minimum} to {Maximum}.");
        return null;
    }
}

/// <summary>One of a few words; compared without case, stored as spelled here.</summary>
public sealed record ChoiceSchema(params string[] Choices) : PropertySchema
{
    /// <inheritdoc />
    public override JsonNode? Read(JsonNode value, string path, SchemaReading reading)
    {
        if (value.GetValueKind() == JsonValueKind.String)
        {
            var text = value.GetValue<string>();
            foreach (var choice in Choices)
            {
                if (string.Equals(choice, text, StringComparison.OrdinalIgnoreCase))
                {
                    return JsonValue.Create(choice);
                }
            }
        }

        reading.Errors.Add(path, $"'{path}' must be one of: {string.Join(", ", Choices)}.");
        return null;
    }
}
