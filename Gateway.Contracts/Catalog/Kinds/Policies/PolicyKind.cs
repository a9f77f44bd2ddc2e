using System.Text;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Policies;

/// <summary>Policy documents, one per scope. What a document refers to is known to the policy compiler, not here.</summary>
public sealed class PolicyKind(string template, PolicyScope scope) : ResourceKind(template)
{
    /// <summary>Bytes of a document in UTF-8 at most.</summary>
    public const int MaximumLength = 512 * 1024;

    /// <summary>What the documents of this kind apply to.</summary>
    public PolicyScope Scope { get; } = scope;

    /// <inheritdoc />
    public override string Summary => $"The policy document at {Scope.ToString().ToLowerInvariant()} scope.";

    /// <inheritdoc />
    public override ResourceVerbs Verbs => ResourceVerbs.All & ~ResourceVerbs.Patch;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A policy document.",
        ["format"] = new ChoiceSchema("xml", "rawxml") { Summary = "xml: expressions are XML-escaped; rawxml: expressions stand as typed.", Default = "xml" },
        ["value"] = new TextSchema
        {
            Summary = "The document; up to 512 KB.",
            IsRequired = true,
            Maximum = MaximumLength,
            Rule = text => Encoding.UTF8.GetByteCount(text) > MaximumLength ? $"must have at most {MaximumLength} bytes." : null,
        },
    };
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
