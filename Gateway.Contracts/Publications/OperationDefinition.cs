using System.Text.Json.Serialization;

namespace Gateway.Contracts.Publications;

/// <summary>What the definition of an operation says of its requests and responses: policies validate by it.</summary>
public sealed record OperationDefinition
{
    /// <summary>The parameters of the URL template, of path and query.</summary>
    public IReadOnlyList<ParameterEntry> Template { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>Further query parameters.</summary>
    public IReadOnlyList<ParameterEntry> Query { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>The headers of requests.</summary>
    public IReadOnlyList<ParameterEntry> Headers { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>The content types of requests' bodies.</summary>
    public IReadOnlyList<string> ContentTypes { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>The types of requests' bodies, as far as they are known.</summary>
    public IReadOnlyList<BodyEntry>? Bodies { get; init; }

    /// <summary>The responses.</summary>
    public IReadOnlyList<ResponseEntry> Responses { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>True when it says nothing.</summary>
    [JsonIgnore]
    public bool IsEmpty => Template.Count + Query.Count + Headers.Count + ContentTypes.Count + Responses.Count + (Bodies?.Count ?? 0) == 0;
}

/// <summary>The type of a body.</summary>
/// <param name="ContentType">The body's content type.</param>
/// <param name="Schema">The id of the API's schema that has it.</param>
/// <param name="Type">Its name there; null when the schema is the type.</param>
public sealed record BodyEntry(string ContentType, string Schema, string? Type);

/// <summary>A parameter or a header.</summary>
public sealed record ParameterEntry
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, or a name that says nothing more.</summary>
    public string Type { get; set; } = "string";

    /// <summary>True when it must be there.</summary>
    public bool Required { get; init; }

    /// <summary>The values it may have; any when empty.</summary>
    public IReadOnlyList<string> Values { get; set => field = value is { Count: > 0 } ? value : []; } = [];
}

/// <summary>A response.</summary>
public sealed record ResponseEntry
{
    /// <summary>Its status.</summary>
    public required int StatusCode { get; init; }

    /// <summary>Its headers.</summary>
    public IReadOnlyList<ParameterEntry> Headers { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>The content types of its body.</summary>
    public IReadOnlyList<string> ContentTypes { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>The types of its body, as far as they are known.</summary>
    public IReadOnlyList<BodyEntry>? Bodies { get; init; }
}
