namespace Gateway.Policies.Documents;

/// <summary>One element of a policy document.</summary>
public sealed record PolicyElement
{
    /// <summary>The name as written.</summary>
    public required string Name { get; init; }

    /// <summary>The attributes in the order they were written.</summary>
    public IReadOnlyList<PolicyAttribute> Attributes { get; init; } = [];

    /// <summary>The child elements in order.</summary>
    public IReadOnlyList<PolicyElement> Children { get; init; } = [];

    /// <summary>The text between the tags; null when there is none, or only white space.</summary>
    public PolicyText? Text { get; init; }

    /// <summary>The line of the name in the text that was saved; 1 and up.</summary>
    public int Line { get; init; }

    /// <summary>The column of the name (one after the angle bracket); 1 and up.</summary>
    public int Column { get; init; }

    /// <summary>The attribute of that name; null when it was not written.</summary>
    public PolicyAttribute? Attribute(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute;
            }
        }

        return null;
    }

    /// <summary>The same element with each slot's number looked up in a map; what has no slots stays the same object.</summary>
    internal PolicyElement Renumber(IReadOnlyList<int> map)
    {
        var attributes = Attributes.Any(attribute => !attribute.Value.IsLiteral)
            ? [.. Attributes.Select(attribute => attribute with { Value = attribute.Value.Renumber(map) })]
            : Attributes;
        var text = Text is { Value.IsLiteral: false } slot ? slot with { Value = slot.Value.Renumber(map) } : Text;
        PolicyElement[] children = [.. Children.Select(child => child.Renumber(map))];
        var same = ReferenceEquals(attributes, Attributes) && ReferenceEquals(text, Text) && children.Zip(Children).All(pair => ReferenceEquals(pair.First, pair.Second));
        return same ? this : this with { Attributes = attributes, Text = text, Children = children };
    }
}

/// <summary>One attribute, and where its name stands.</summary>
public sealed record PolicyAttribute(string Name, PolicyValue Value, int Line, int Column);

/// <summary>The text of an element, and where it starts.</summary>
public sealed record PolicyText(PolicyValue Value, int Line, int Column);
