using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;

namespace Gateway.Policies.Policies.Control;

/// <summary>
/// Runs the policies of a fragment in its place. The compiler puts them there, so that gateways know of no fragments; they may be what the
/// section of this element allows, and no <c>include-fragment</c> among them.
/// </summary>
public sealed class IncludeFragmentPolicy : IPolicy<IncludeFragmentPolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "include-fragment" };

    /// <summary><c>fragment-id</c>: the id of the policy fragment; required.</summary>
    public required string FragmentId { get; init; }

    /// <summary>The fragment's policies.</summary>
    public required StepSequence Steps { get; init; }

    /// <inheritdoc/>
    public static IncludeFragmentPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        if (parsing.Diagnostics.Fragment is not null || parsing.IsFragment)
        {
            parsing.Diagnostics.Error(element, "A policy fragment may not include another one.");
            return null;
        }

        if (read.Required("fragment-id") is not { } id)
        {
            read.End();
            return null;
        }

        parsing.UsesFragment(id);
        var steps = parsing.FragmentSteps(read, id);
        read.End();
        return new() { FragmentId = id, Steps = steps };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context) => Steps.ExecuteAsync(context);
}
