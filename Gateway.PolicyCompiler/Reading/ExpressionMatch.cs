using Gateway.Policies.Expressions;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>What became of matching an expression.</summary>
internal readonly record struct ExpressionMatch
{
    /// <summary>The index behind its last bracket; -1 when there is none.</summary>
    public required int End { get; init; }

    /// <summary>The bodies that it may read.</summary>
    public BodyUse Bodies { get; init; }

    /// <summary>True when a reference of XML stands where C# has code, and not in a string or a comment.</summary>
    public bool HasReference { get; init; }

    /// <summary>True when it may speak of what became of the request.</summary>
    public bool SeesOutcome { get; init; }

    /// <summary>What is wrong; null when nothing is.</summary>
    public string? Fault { get; init; }

    /// <summary>The index of what is wrong.</summary>
    public int FaultAt { get; init; }
}
