using System.Collections.Frozen;
using Gateway.Contracts.Caching;
using Gateway.Policies.Caching;

namespace Gateway.Edge.Caching;

/// <summary>What of a cache is purged, as an edge knows it. Immutable.</summary>
internal sealed class CachePurges
{
    // Whoever began before so many purges has no epoch any more: what it leaves is not kept.
    private const int MaximumHistory = 32;

    // Since when which epoch is known, the last one first.
    private readonly (long Since, long Epoch)[] _history;
    private readonly long _all;
    private readonly FrozenDictionary<string, long> _apis;
    private readonly FrozenDictionary<(string Api, string Operation), long> _operations;
    private readonly FrozenDictionary<string, long> _tags;
    private readonly FrozenDictionary<string, long> _keys;

    /// <summary>What is purged, as of now.</summary>
    /// <param name="epochs">What the silos say.</param>
    /// <param name="since">When they said it, as a timestamp.</param>
    /// <param name="before">What was known before; null for nothing.</param>
    public CachePurges(CacheEpochs epochs, long since, CachePurges? before)
    {
        Current = epochs.Current;
        _history = [(since, Current), .. before?._history.Take(MaximumHistory - 1) ?? []];
        var byKind = epochs.Purges.ToLookup(purge => purge.Scope.Kind);
        FrozenDictionary<string, long> Named(CacheScopeKind kind) => byKind[kind].ToFrozenDictionary(purge => purge.Scope.Name!, purge => purge.Epoch, StringComparer.Ordinal);
        _all = byKind[CacheScopeKind.All].Select(purge => purge.Epoch).DefaultIfEmpty().Max();
        _apis = Named(CacheScopeKind.Api);
        _operations = byKind[CacheScopeKind.Operation].ToFrozenDictionary(purge => (purge.Scope.Name!, purge.Scope.Operation!), purge => purge.Epoch);
        _tags = Named(CacheScopeKind.Tag);
        _keys = Named(CacheScopeKind.Key);
    }

    /// <summary>Nothing is.</summary>
    public static CachePurges None { get; } = new(new CacheEpochs { Current = 0, Purges = [] }, long.MinValue, null);

    /// <summary>The epoch of what is begun now.</summary>
    public long Current { get; }

    /// <summary>The epoch of what was begun at a timestamp; null when it is not known.</summary>
    public long? EpochAt(long timestamp)
    {
        foreach (var (since, epoch) in _history)
        {
            if (since <= timestamp)
            {
                return epoch;
            }
        }

        return null;
    }

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
