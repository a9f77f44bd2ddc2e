using System.Text;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Policies;

/// <summary>A kind whose resources hold policies as text. What a text refers to is known to the policy compiler, not here.</summary>
public abstract class PolicyDocumentKind(string template) : ResourceKind(template)
{
    /// <summary>Bytes of a document in UTF-8 at most.</summary>
    public const int MaximumLength = 512 * 1024;

    /// <inheritdoc />
    public override ResourceVerbs Verbs => ResourceVerbs.All & ~ResourceVerbs.Patch;

    /// <summary>The property <c>format</c>.</summary>
    protected static PropertySchema Format { get; } = new ChoiceSchema("xml", "rawxml")
    {
        Summary = "xml: expressions are XML-escaped; rawxml: expressions stand as typed.", Default = "xml",
    };

    /// <summary>The property <c>value</c>.</summary>
    protected static PropertySchema Value { get; } = new TextSchema
    {
        Summary = "The document; up to 512 KB.",
        IsRequired = true,
        Maximum = MaximumLength,
        Rule = text => Encoding.UTF8.GetByteCount(text) > MaximumLength ? $"must have at most {MaximumLength} bytes." : null,
    };
}
