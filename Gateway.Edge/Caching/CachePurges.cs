using System.Collections.Frozen;
using Gateway.Contracts.Caching;
using Gateway.Policies.Caching;

namespace Gateway.Edge.Caching;

/// <summary>What of a cache is purged, as an edge knows it. Immutable.</summary>
internal sealed class CachePurges
{
    private readonly long _all;
    private readonly FrozenDictionary<string, long> _apis;
    private readonly FrozenDictionary<(string Api, string Operation), long> _operations;
    private readonly FrozenDictionary<string, long> _tags;
    private readonly FrozenDictionary<string, long> _keys;

    public CachePurges(CacheEpochs epochs)
    {
        Current = epochs.Current;
        var byKind = epochs.Purges.ToLookup(purge => purge.Scope.Kind);
        FrozenDictionary<string, long> Named(CacheScopeKind kind) => byKind[kind].ToFrozenDictionary(purge => purge.Scope.Name!, purge => purge.Epoch, StringComparer.Ordinal);
        _all = byKind[CacheScopeKind.All].Select(purge => purge.Epoch).DefaultIfEmpty().Max();
        _apis = Named(CacheScopeKind.Api);
        _operations = byKind[CacheScopeKind.Operation].ToFrozenDictionary(purge => (purge.Scope.Name!, purge.Scope.Operation!), purge => purge.Epoch);
        _tags = Named(CacheScopeKind.Tag);
        _keys = Named(CacheScopeKind.Key);
    }

    /// <summary>Nothing is.</summary>
    public static CachePurges None { get; } = new(new CacheEpochs { Current = 0, Purges = [] });

    /// <summary>The epoch of what is begun now.</summary>
    public long Current { get; }

    /// <summary>True when a response, or what tells its variants apart, may still be used.</summary>
    public bool Allow(CachedEntry entry, string? api, string? operation)
    {
        var epoch = entry.Epoch;
        return epoch >= _all
            && (_apis.Count == 0 || api is null || epoch >= _apis.GetValueOrDefault(api))
            && (_operations.Count == 0 || api is null || operation is null || epoch >= _operations.GetValueOrDefault((api, operation)))
            && (_tags.Count == 0 || entry is not CachedResponse response || AllowTags(response));
    }

    /// <summary>True when a value may still be used.</summary>
    public bool Allow(long epoch, string key) => epoch >= _all && (_keys.Count == 0 || epoch >= _keys.GetValueOrDefault(key));

    private bool AllowTags(CachedResponse response)
    {
        foreach (var tag in response.Tags)
        {
            if (response.Epoch < _tags.GetValueOrDefault(tag))
            {
                return false;
            }
        }

        return true;
    }
}
