using Gateway.Policies.Expressions;

namespace Gateway.Policies.Documents;

/// <summary>
/// A value of a checked tree: a literal, or the number of a slot whose text is an expression in the tree's program.
/// </summary>
public readonly record struct PolicyValue
{
    private PolicyValue(string? literal, int slot, BodyUse bodies, bool seesOutcome)
    {
        Literal = literal;
        Slot = slot;
        Bodies = bodies;
        SeesOutcome = seesOutcome;
    }

    /// <summary>The text; null for a slot.</summary>
    public string? Literal { get; }

    /// <summary>The slot's number, 0 and up; meaningless for a literal.</summary>
    public int Slot { get; }

    /// <summary>The bodies that the slot's expression may read; none for a literal.</summary>
    public BodyUse Bodies { get; }

    /// <summary>True when the slot's expression may speak of what became of the request: its response or its error.</summary>
    public bool SeesOutcome { get; }

    /// <summary>True for a literal.</summary>
    public bool IsLiteral => Literal is not null;

    /// <summary>A literal.</summary>
    public static PolicyValue FromLiteral(string text) => new(text, 0, BodyUse.None, false);

    /// <summary>A reference to a slot.</summary>
    public static PolicyValue FromSlot(int slot, BodyUse bodies = BodyUse.None, bool seesOutcome = false) => new(null, slot, bodies, seesOutcome);

    internal PolicyValue Renumber(IReadOnlyList<int> map) => IsLiteral ? this : FromSlot(map[Slot], Bodies, SeesOutcome);
}
