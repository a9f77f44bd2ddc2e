using System.Text.Json;

namespace Gateway.Policies.Documents;

/// <summary>
/// A checked policy document: what the compiler made of the text, what publications carry and what edges build their
/// steps from. Named values are already in their places, so the serialised form may hold secrets.
/// </summary>
public sealed record PolicyTree
{
    /// <summary>The most elements a document may have.</summary>
    public const int MaximumElements = 10_000;

    /// <summary>The most attributes an element may have.</summary>
    public const int MaximumAttributes = 64;

    /// <summary>How deep elements may be nested.</summary>
    public const int MaximumDepth = 64;

    /// <summary>The longest serialised form that is read, in characters.</summary>
    public const int MaximumSerializedLength = 8 * 1024 * 1024;

    /// <summary>The outermost element.</summary>
    public required PolicyElement Root { get; init; }

    /// <summary>The name of the program that holds the slots; null when there are no slots.</summary>
    public string? Program { get; init; }

    /// <summary>The same tree with its slots in a program that may hold those of other documents, too.</summary>
    /// <param name="program">The program's name.</param>
    /// <param name="map">At the number of each slot of this tree its number in the program.</param>
    public PolicyTree WithProgram(string program, IReadOnlyList<int> map) => new() { Root = Root.Renumber(map), Program = program };

    /// <summary>One line of JSON; equal trees give equal text.</summary>
    public string Serialize() => JsonSerializer.Serialize(WireTree.From(this), WireContext.Compact.WireTree);

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="FormatException">It is no tree, of a version not known here, or exceeds a bound.</exception>
    public static PolicyTree Deserialize(string text)
    {
        if (text.Length > MaximumSerializedLength)
        {
            throw new FormatException($"A policy tree has more than {MaximumSerializedLength} characters.");
        }

        try
        {
            return (JsonSerializer.Deserialize(text, WireContext.Compact.WireTree)
                ?? throw new FormatException("A policy tree is null.")).ToTree();
        }
        catch (JsonException e)
        {
            throw new FormatException($"A policy tree is damaged near character {e.BytePositionInLine}.", e);
        }
    }
}
