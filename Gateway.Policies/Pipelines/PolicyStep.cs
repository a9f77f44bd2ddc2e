using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies;

namespace Gateway.Policies.Pipelines;

/// <summary>One policy in a section, and where it came from.</summary>
/// <param name="Name">The element's name.</param>
/// <param name="Policy">What runs.</param>
/// <param name="Scope">The scope of its document.</param>
/// <param name="PolicyId">The element's own <c>id</c>; null without one.</param>
public sealed record PolicyStep(string Name, IPolicy Policy, PolicyScope Scope, string? PolicyId)
{
    /// <summary>The bodies that the policy's own expressions may read: they are in memory before it runs.</summary>
    public BodyUse Bodies { get; init; }

    /// <summary>True for a step that forwards the request whatever the request is.</summary>
    public bool Forwards { get; init; }

    /// <summary>True for a step that keeps the response in a cache, or holds one that does.</summary>
    public bool StoresResponse { get; init; }

    /// <summary>Runs the policy.</summary>
    internal ValueTask ExecuteAsync(PolicyContext context) =>
        Bodies == BodyUse.None ? Policy.ExecuteAsync(context) : ReadAndExecuteAsync(context);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReadAndExecuteAsync(PolicyContext context)
    {
        await BodyLoader.LoadAsync(context, Bodies, Name);
        await Policy.ExecuteAsync(context);
        // An expression may have taken the backend's body away.
        await BodyChanges.SettleAsync(context);
    }
}

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
