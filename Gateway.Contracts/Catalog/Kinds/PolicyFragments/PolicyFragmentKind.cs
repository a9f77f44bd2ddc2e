using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.PolicyFragments;

/// <summary>Policies that documents of every scope include by <c>include-fragment</c>.</summary>
public sealed class PolicyFragmentKind() : PolicyDocumentKind("/policyFragments/{policyFragmentId}")
{
    /// <inheritdoc />
    public override string Summary => "Policies that documents of every scope include by include-fragment.";

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A policy fragment: an element 'fragment' that holds policies, none of them include-fragment.",
        ["format"] = Format,
        ["value"] = Value,
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 1000 },
    };
}
