namespace Gateway.PolicyCompiler.Programs;

/// <summary>What became of a <see cref="ProgramSource"/>.</summary>
public sealed record ProgramCompilation
{
    /// <summary>Grows whenever equal texts may give another image.</summary>
    public const int CompilerVersion = 1;

    /// <summary>The assembly, deterministic; null when there are errors.</summary>
    public byte[]? Image { get; init; }

    /// <summary>The type of each slot's result; null for one with errors.</summary>
    public required IReadOnlyList<Type?> Results { get; init; }

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<SlotDiagnostic> Diagnostics { get; init; } = [];
}

/// <summary>A finding in one expression.</summary>
/// <param name="Slot">The slot's number.</param>
/// <param name="Offset">Where in the slot's text, from 0.</param>
/// <param name="Message">A sentence; never holds text of the expression other than names.</param>
public sealed record SlotDiagnostic(int Slot, int Offset, string Message);
