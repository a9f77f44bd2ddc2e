using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies;

/// <summary>What reading a document needs to know and to collect.</summary>
public sealed class PolicyParsing(PolicyScope scope, PolicyDiagnostics diagnostics)
{
    private readonly SortedSet<string> _backends = new(StringComparer.Ordinal);

    /// <summary>The scope of the document.</summary>
    public PolicyScope Scope { get; } = scope;

    /// <summary>The section that is being read.</summary>
    public PolicySection Section { get; internal set; } = PolicySection.Inbound;

    /// <summary>True where header, status and body policies mean the response, false where they mean the request.</summary>
    public bool ActsOnResponse => Section is PolicySection.Outbound or PolicySection.OnError;

    /// <summary>The findings.</summary>
    public PolicyDiagnostics Diagnostics { get; } = diagnostics;

    /// <summary>The expressions of the document; null where there are none.</summary>
    public IExpressionSlots? Slots { get; init; }

    /// <summary>Ids of the backends that the document names, ordered.</summary>
    public IReadOnlyCollection<string> Backends => _backends;

    /// <summary>Notes that the document names a backend.</summary>
    public void UsesBackend(string id) => _backends.Add(id);

    /// <summary>Starts to read an element.</summary>
    public ElementReader Read(PolicyElement element) => new(element, Diagnostics);
}
