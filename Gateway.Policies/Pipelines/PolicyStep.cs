using Gateway.Policies.Documents;
using Gateway.Policies.Policies;

namespace Gateway.Policies.Pipelines;

/// <summary>One policy in a section, and where it came from.</summary>
/// <param name="Name">The element's name.</param>
/// <param name="Policy">What runs.</param>
/// <param name="Scope">The scope of its document.</param>
/// <param name="PolicyId">The element's own <c>id</c>; null without one.</param>
public sealed record PolicyStep(string Name, IPolicy Policy, PolicyScope Scope, string? PolicyId);

/// <summary>The steps of one section of one document, around its <c>base</c>.</summary>
public sealed record SectionSteps
{
    /// <summary>A section that only inherits, also that of a document without it.</summary>
    public static SectionSteps Inherit { get; } = new() { HasBase = true };

    /// <summary>The steps before <c>base</c>; all of them when there is none.</summary>
    public IReadOnlyList<PolicyStep> Before { get; init; } = [];

    /// <summary>True when the steps of the broader scopes stand between <see cref="Before"/> and <see cref="After"/>.</summary>
    public bool HasBase { get; init; }

    /// <summary>The steps after <c>base</c>.</summary>
    public IReadOnlyList<PolicyStep> After { get; init; } = [];
}
