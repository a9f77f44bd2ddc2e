using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Policies;

/// <summary>Policy documents, one per scope.</summary>
public sealed class PolicyKind(string template, PolicyScope scope) : PolicyDocumentKind(template)
{
    /// <summary>What the documents of this kind apply to.</summary>
    public PolicyScope Scope { get; } = scope;

    /// <inheritdoc />
    public override string Summary => $"The policy document at {Scope.ToString().ToLowerInvariant()} scope.";

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new() { Summary = "A policy document.", ["format"] = Format, ["value"] = Value };
}

/// <summary>What a policy document applies to.</summary>
public enum PolicyScope
{
    /// <summary>Every request.</summary>
    Global = 0,

    /// <summary>Requests with a subscription of the product.</summary>
    Product = 1,

    /// <summary>Requests to the API.</summary>
    Api = 2,

    /// <summary>Requests to the operation.</summary>
    Operation = 3,
}
