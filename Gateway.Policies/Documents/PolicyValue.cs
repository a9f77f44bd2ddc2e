namespace Gateway.Policies.Documents;

/// <summary>
/// A value of a checked tree: a literal, or the number of a slot whose text is an expression in the tree's program.
/// </summary>
public readonly record struct PolicyValue
{
    private PolicyValue(string? literal, int slot)
    {
        Literal = literal;
        Slot = slot;
    }

    /// <summary>The text; null for a slot.</summary>
    public string? Literal { get; }

    /// <summary>The slot's number, 0 and up; meaningless for a literal.</summary>
    public int Slot { get; }

    /// <summary>True for a literal.</summary>
    public bool IsLiteral => Literal is not null;

    /// <summary>A literal.</summary>
    public static PolicyValue FromLiteral(string text) => new(text, 0);

    /// <summary>A reference to a slot.</summary>
    public static PolicyValue FromSlot(int slot) => new(null, slot);
}
