using Gateway.Policies.Documents;
using Gateway.Policies.Policies;

namespace Gateway.PolicyCompiler;

/// <summary>What compiling a document gave.</summary>
public sealed record PolicyCompilation
{
    /// <summary>The serialised checked tree (<see cref="PolicyTree.Serialize"/>); null when there are errors. May hold secrets.</summary>
    public required string? Tree { get; init; }

    /// <summary>
    /// The texts of the tree's slots by their numbers, distinct and in ordinal order, each with its <c>@(…)</c> or <c>@{…}</c> and with
    /// named values in place; empty when there are errors. May hold secrets.
    /// </summary>
    public IReadOnlyList<string> Slots { get; init; } = [];

    /// <summary>All findings, ordered by line and column.</summary>
    public required IReadOnlyList<PolicyDiagnostic> Diagnostics { get; init; }

    /// <summary>
    /// Display names of the named values that the document uses, also of those that do not exist: an error, but in a template, whose own
    /// language has the same braces. Ordered.
    /// </summary>
    public required IReadOnlyList<string> NamedValues { get; init; }

    /// <summary>As <see cref="NamedValues"/>, of the fragments that it includes.</summary>
    public IReadOnlyList<string> FragmentNamedValues { get; init; } = [];

    /// <summary>Ids of the fragments that it includes, also of those that do not exist: an error. Ordered.</summary>
    public IReadOnlyList<string> Fragments { get; init; } = [];

    /// <summary>
    /// The resources that the document itself names, fragments among them, in its order; those that its fragments name are theirs. Whether they
    /// exist is not checked here, but of fragments.
    /// </summary>
    public required IReadOnlyList<PolicyReference> References { get; init; }
}
