using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds;

namespace Gateway.Contracts.Catalog.Schema;

/// <summary>The shape of one JSON value. Reading a value copies what the schema knows, names what it does not, and lists what is wrong.</summary>
public abstract record PropertySchema
{
    /// <summary>What the property means, its unit, range and default: the reference page's text.</summary>
    public required string Summary { get; init; }

    /// <summary>True when a PUT must have it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>True when the catalog decides it: accepted and ignored in writes, so that a GET's answer can be PUT back.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>True when it is stored encrypted and never in an answer.</summary>
    public bool IsSecret { get; init; }

    /// <summary>True when it is stored encrypted, though readers with management rights see it.</summary>
    public bool IsSealed { get; init; }

    /// <summary>What a PUT without it stores; null stores nothing.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>The canonical copy of a value, or null with at least one error added.</summary>
    /// <param name="value">The value as sent; never JSON null.</param>
    /// <param name="path">Where it stands, e.g. <c>properties.displayName</c>.</param>
    /// <param name="reading">Collects errors and the paths of unknown properties.</param>
    public abstract JsonNode? Read(JsonNode value, string path, SchemaReading reading);
}

/// <summary>What reading a document found.</summary>
public sealed class SchemaReading
{
    /// <summary>More unknown names than this are not listed.</summary>
    public const int MaximumIgnored = 50;

    /// <summary>What is wrong.</summary>
    public ErrorList Errors { get; } = new();

    /// <summary>Paths of properties that the schema does not know, without the leading <c>properties.</c>.</summary>
    public List<string> Ignored { get; } = [];
}
