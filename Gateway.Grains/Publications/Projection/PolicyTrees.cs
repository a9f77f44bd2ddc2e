using System.Collections.Concurrent;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Results;
using Gateway.PolicyCompiler;
using Documents = Gateway.Policies.Documents;

namespace Gateway.Grains.Publications.Projection;

/// <summary>
/// Compiles policy documents, each only once: a tree is kept by the text, its scope and the named values and fragments that went into it, and
/// used again while these are the same. Shared by the gateways of a silo.
/// </summary>
internal sealed class PolicyTrees : IPolicyTrees
{
    // The sum of texts, trees and slots kept, in characters; beyond it the memory starts anew, which costs time only.
    private const long MaximumLength = 64 * 1024 * 1024;

    private readonly ConcurrentDictionary<(DocumentText Document, PolicyScope Scope), Kept> _kept = new();
    private long _length;
    private long _compilations;

    /// <summary>How many documents were compiled.</summary>
    public long Compilations => Interlocked.Read(ref _compilations);

    /// <inheritdoc />
    public Result<PolicyTree> Compile(DocumentText document, PolicyScope scope, Func<string, string?> namedValue, Func<string, DocumentText?> fragment)
    {
        if (_kept.TryGetValue((document, scope), out var kept) && kept.Values.All(value => namedValue(value.Key) == value.Value)
            && kept.Fragments.All(text => fragment(text.Key) == text.Value))
        {
            return kept.Tree;
        }

        Interlocked.Increment(ref _compilations);
        var compiled = PolicyDocumentCompiler.Compile(new PolicySource
        {
            Text = document.Text,
            IsRaw = document.IsRaw,
            Scope = ToDocument(scope),

            // No diagnostic holds a named value, so which are secret makes no difference to the result.
            NamedValues = name => namedValue(name) is { } value ? new NamedValue(value, IsSecret: true) : null,
            Fragments = id => fragment(id) is { } text ? new FragmentText(text.Text, text.IsRaw) : null,
        });
        if (compiled.Tree is null)
        {
            return compiled.Diagnostics.Select(found => new GatewayError(ErrorKind.ValidationError, $"<{found.Element}> at line {found.Line}, column {found.Column}: {found.Message}")).ToArray();
        }

        var names = compiled.NamedValues.Union(compiled.FragmentNamedValues, StringComparer.Ordinal).ToArray();
        var tree = new PolicyTree(compiled.Tree, compiled.Slots, names, compiled.Fragments);
        Keep((document, scope), new Kept(
            tree, names.ToDictionary(name => name, namedValue, StringComparer.Ordinal), compiled.Fragments.ToDictionary(id => id, fragment, StringComparer.Ordinal)));
        return tree;
    }

    private void Keep((DocumentText Document, PolicyScope Scope) key, Kept kept)
    {
        if (Interlocked.Add(ref _length, key.Document.Text.Length + kept.Tree.Text.Length + kept.Tree.Slots.Sum(slot => slot.Length)) > MaximumLength)
        {
            _kept.Clear();
            Interlocked.Exchange(ref _length, 0);
        }

        _kept[key] = kept;
    }

    private static Documents.PolicyScope ToDocument(PolicyScope scope) => scope switch
    {
        PolicyScope.Global => Documents.PolicyScope.Global,
        PolicyScope.Product => Documents.PolicyScope.Product,
        PolicyScope.Api => Documents.PolicyScope.Api,
        PolicyScope.Operation => Documents.PolicyScope.Operation,
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Unknown scope."),
    };

    private sealed record Kept(PolicyTree Tree, Dictionary<string, string?> Values, Dictionary<string, DocumentText?> Fragments);
}
