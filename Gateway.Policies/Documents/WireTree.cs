using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Documents;

/// <summary>The serialised tree. Names are short because there are many of them; they are never given another meaning.</summary>
internal sealed record WireTree
{
    public const int CurrentVersion = 1;

    [JsonPropertyName("v")]
    public int Version { get; init; }

    [JsonPropertyName("p")]
    public string? Program { get; init; }

    [JsonPropertyName("r")]
    public required WireElement Root { get; init; }

    public static WireTree From(PolicyTree tree) =>
        new() { Version = CurrentVersion, Program = tree.Program, Root = WireElement.From(tree.Root) };

    public PolicyTree ToTree()
    {
        if (Version != CurrentVersion)
        {
            throw new FormatException($"A policy tree has version {Version}; this gateway reads version {CurrentVersion}.");
        }

        var elements = 0;
        return new PolicyTree { Program = Program, Root = Root.ToElement(ref elements, 1) };
    }
}

/// <summary>A serialised element.</summary>
internal sealed record WireElement
{
    [JsonPropertyName("n")]
    public required string Name { get; init; }

    [JsonPropertyName("l")]
    public int Line { get; init; }

    [JsonPropertyName("c")]
    public int Column { get; init; }

    [JsonPropertyName("a")]
    public IReadOnlyList<WireValue>? Attributes { get; init; }

    [JsonPropertyName("t")]
    public WireValue? Text { get; init; }

    [JsonPropertyName("k")]
    public IReadOnlyList<WireElement>? Children { get; init; }

    public static WireElement From(PolicyElement element) => new()
    {
        Name = element.Name,
        Line = element.Line,
        Column = element.Column,
        Attributes = element.Attributes.Count == 0
            ? null
            : [.. element.Attributes.Select(a => WireValue.From(a.Name, a.Value, a.Line, a.Column))],
        Text = element.Text is { } text ? WireValue.From(null, text.Value, text.Line, text.Column) : null,
        Children = element.Children.Count == 0 ? null : [.. element.Children.Select(From)],
    };

    public PolicyElement ToElement(ref int elements, int depth)
    {
        if (++elements > PolicyTree.MaximumElements || depth > PolicyTree.MaximumDepth
            || Attributes?.Count > PolicyTree.MaximumAttributes)
        {
            throw new FormatException("A policy tree has more elements, levels or attributes than a document may have.");
        }

        var children = Children is null ? [] : new PolicyElement[Children.Count];
        for (var i = 0; i < children.Length; i++)
        {
            children[i] = (Children![i] ?? throw new FormatException("An element of a policy tree is null."))
                .ToElement(ref elements, depth + 1);
        }

        return new PolicyElement
        {
            Name = Name,
            Line = Line,
            Column = Column,
            Attributes = Attributes is null ? [] : [.. Attributes.Select(ToAttribute)],
            Text = Text is null ? null : new PolicyText(Text.ToValue(), Text.Line, Text.Column),
            Children = children,
        };
    }

    private static PolicyAttribute ToAttribute(WireValue? value)
    {
        if (value?.Name is null)
        {
            throw new FormatException("An attribute of a policy tree has no name.");
        }

        return new(value.Name, value.ToValue(), value.Line, value.Column);
    }
}

/// <summary>A serialised attribute or text: a literal, or a slot's number.</summary>
internal sealed record WireValue
{
    [JsonPropertyName("n")]
    public string? Name { get; init; }

    [JsonPropertyName("v")]
    public string? Literal { get; init; }

    [JsonPropertyName("s")]
    public int? Slot { get; init; }

    /// <summary><see cref="PolicyValue.Bodies"/>; not written when there is none.</summary>
    [JsonPropertyName("b")]
    public int? Bodies { get; init; }

    /// <summary><see cref="PolicyValue.SeesOutcome"/>; not written when it does not.</summary>
    [JsonPropertyName("o")]
    public bool? SeesOutcome { get; init; }

    [JsonPropertyName("l")]
    public int Line { get; init; }

    [JsonPropertyName("c")]
    public int Column { get; init; }

    public static WireValue From(string? name, PolicyValue value, int line, int column) => new()
    {
        Name = name,
        Literal = value.Literal,
        Slot = value.IsLiteral ? null : value.Slot,
        Bodies = value.Bodies == BodyUse.None ? null : (int)value.Bodies,
        SeesOutcome = value.SeesOutcome ? true : null,
        Line = line,
        Column = column,
    };

    public PolicyValue ToValue() => (Literal, Slot, Bodies) switch
    {
        ({ } literal, null, null) => PolicyValue.FromLiteral(literal),
        (null, >= 0 and int slot, null or (>= 0 and <= (int)BodyUse.All)) => PolicyValue.FromSlot(slot, (BodyUse)(Bodies ?? 0), SeesOutcome == true),
        _ => throw new FormatException("A value of a policy tree is neither a literal nor a slot."),
    };
}

[JsonSerializable(typeof(WireTree))]
internal sealed partial class WireContext : JsonSerializerContext
{
    /// <summary>The tree is put into another JSON document: fewer escapes, shorter chunks. An element is an object in a list: two levels.</summary>
    public static WireContext Compact { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2 * PolicyTree.MaximumDepth + 8,
        RespectNullableAnnotations = true,
    });
}
