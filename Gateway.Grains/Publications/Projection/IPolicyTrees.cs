using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Results;

namespace Gateway.Grains.Publications.Projection;

/// <summary>From a policy document's text to the checked tree that edges run.</summary>
internal interface IPolicyTrees
{
    /// <summary>The serialised checked tree; errors when the text, with these named values, is not a correct document.</summary>
    /// <param name="document">The document as the operator wrote it.</param>
    /// <param name="scope">Where it stands.</param>
    /// <param name="namedValue">The value of a named value; null when there is none.</param>
    /// <param name="fragment">The policy fragment of an id; null when there is none.</param>
    Result<PolicyTree> Compile(DocumentText document, PolicyScope scope, Func<string, string?> namedValue, Func<string, DocumentText?> fragment);
}

/// <summary>A serialised checked tree.</summary>
/// <param name="Text">The tree; opaque outside Gateway.Policies.</param>
/// <param name="Slots">The texts of its slots by their numbers, named values in place.</param>
/// <param name="NamedValues">The named values that went into it, and the names that would go into it if they were some.</param>
/// <param name="Fragments">The ids of the policy fragments that went into it.</param>
internal sealed record PolicyTree(string Text, IReadOnlyList<string> Slots, IReadOnlyCollection<string> NamedValues, IReadOnlyCollection<string> Fragments);
