using System.Collections.Frozen;
using System.Globalization;

namespace Gateway.Policies.Execution;

/// <summary>What the definition of an operation says of its requests and responses.</summary>
public sealed record OperationShape
{
    /// <summary>An operation whose definition says nothing.</summary>
    public static OperationShape Empty { get; } = new();

    /// <summary>The parameters of the path.</summary>
    public IReadOnlyList<ParameterShape> Path { get; init; } = [];

    /// <summary>The parameters of the query.</summary>
    public IReadOnlyList<ParameterShape> Query { get; init; } = [];

    /// <summary>The headers of requests.</summary>
    public IReadOnlyList<ParameterShape> Headers { get; init; } = [];

    /// <summary>The content types of requests' bodies.</summary>
    public IReadOnlyList<string> ContentTypes { get; init; } = [];

    /// <summary>The types of requests' bodies, as far as they are known.</summary>
    public IReadOnlyList<BodyShape> Bodies { get; init; } = [];

    /// <summary>The responses by status.</summary>
    public FrozenDictionary<int, ResponseShape> Responses { get; init; } = FrozenDictionary<int, ResponseShape>.Empty;
}

/// <summary>A parameter or header as an operation's definition has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>integer</c>, <c>number</c> and <c>boolean</c> are checked; anything else is text.</param>
/// <param name="IsRequired">True when it must be there.</param>
/// <param name="Values">The values it may have; any when empty.</param>
public sealed record ParameterShape(string Name, string Type, bool IsRequired, IReadOnlyList<string> Values)
{
    /// <summary>What is wrong with a value; null when nothing is.</summary>
    public string? Judge(string value)
    {
        var isOfType = Type switch
        {
            "integer" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "number" => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            "boolean" => value is "true" or "false",
            _ => true,
        };
        return !isOfType ? $"must be of type {Type}"
            : Values.Count > 0 && !Values.Contains(value, StringComparer.Ordinal) ? "is none of the values that its definition has"
            : null;
    }
}

/// <summary>A response as an operation's definition has it.</summary>
/// <param name="Headers">Its headers.</param>
/// <param name="ContentTypes">The content types of its body.</param>
public sealed record ResponseShape(IReadOnlyList<ParameterShape> Headers, IReadOnlyList<string> ContentTypes)
{
    /// <summary>The types of its body, as far as they are known.</summary>
    public IReadOnlyList<BodyShape> Bodies { get; init; } = [];
}

/// <summary>The type of a body.</summary>
/// <param name="ContentType">The body's content type.</param>
/// <param name="Schema">Has the type.</param>
/// <param name="Reference">The type's place in the schema, such as <c>#/components/schemas/address</c>; null when the schema is the type.</param>
public sealed record BodyShape(string ContentType, SchemaInfo Schema, string? Reference);
