using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Kinds.Policies;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>The committed catalog in memory, with its indexes: who holds a name, who refers to what, what lies below what.</summary>
internal sealed class CatalogState
{
    private readonly Dictionary<string, CatalogEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _referrers = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _ids = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _gateways = new(StringComparer.Ordinal);

    /// <summary>The lineage and version that it holds.</summary>
    public required CatalogHead Head { get; set; }

    /// <summary>The ids of the gateways that the catalog declares. Every commit asks for them, so they are not looked for among what lies below them.</summary>
    public IReadOnlyCollection<string> Gateways => _gateways;

    /// <summary>The ids of all policy documents and fragments, in order.</summary>
    public IEnumerable<string> Documents => _ids.Where(id => _entries[id].Kind is PolicyDocumentKind);

    /// <summary>The resource with this id; null when there is none.</summary>
    public CatalogEntry? Find(string id) => _entries.GetValueOrDefault(id);

    /// <summary>The id of the resource that holds a unique name.</summary>
    public string? HolderOf(string name) => _names.GetValueOrDefault(name);

    /// <summary>The ids of the resources that refer to a path or unique name.</summary>
    public IReadOnlyCollection<string> ReferrersOf(string target) => _referrers.GetValueOrDefault(target) ?? [];

    /// <summary>The ids below a path.</summary>
    public IEnumerable<string> Below(string id) => Below(_ids, id);

    /// <summary>The members of a set below a path.</summary>
    public static IEnumerable<string> Below(SortedSet<string> ids, string id) =>
        ids.GetViewBetween(id + "/", id + "0");

    /// <summary>Takes in a resource; null removes it.</summary>
    public void Set(string id, CatalogEntry? entry)
    {
        if (_entries.Remove(id, out var old))
        {
            _ids.Remove(id);
            _gateways.Remove(id);
            foreach (var name in old.Names)
            {
                if (_names.GetValueOrDefault(name) == id)
                {
                    // Resources of one change set may swap names: the other one's stays.
                    _names.Remove(name);
                }
            }

            foreach (var reference in old.References)
            {
                Unrefer(reference, id);
            }
        }

        if (entry is null)
        {
            return;
        }

        _entries[id] = entry;
        _ids.Add(id);
        if (ResourcePath.Collection(id) == "/gateways")
        {
            _gateways.Add(id);
        }

        foreach (var name in entry.Names)
        {
            _names[name] = id;
        }

        foreach (var reference in entry.References)
        {
            if (!_referrers.TryGetValue(reference.Target, out var referrers))
            {
                _referrers[reference.Target] = referrers = new(StringComparer.Ordinal);
            }

            referrers.Add(id);
        }
    }

    private void Unrefer(ResourceReference reference, string id)
    {
        if (_referrers.TryGetValue(reference.Target, out var referrers) && referrers.Remove(id) && referrers.Count == 0)
        {
            _referrers.Remove(reference.Target);
        }
    }
}
