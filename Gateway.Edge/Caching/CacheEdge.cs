using System.Collections.Concurrent;
using Gateway.Contracts.Caching;

namespace Gateway.Edge.Caching;

/// <summary>What regions of caches call on this edge.</summary>
internal sealed class CacheEdge : ICacheEdge
{
    private readonly ConcurrentDictionary<string, RefillElection> _elections = new(StringComparer.Ordinal);
    private readonly Lazy<ICacheEdge> _reference;

    /// <summary>The one of this process.</summary>
    /// <param name="refer">Makes what silos reach it by, on first use.</param>
    public CacheEdge(Func<ICacheEdge, ICacheEdge> refer) => _reference = new(() => refer(this), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>What silos reach this edge by.</summary>
    public ICacheEdge Reference => _reference.Value;

    /// <summary>Calls about a cache go there.</summary>
    public void Add(string cache, RefillElection election) => _elections[cache] = election;

    /// <summary>They do not go there any more.</summary>
    public void Remove(string cache, RefillElection election) => _elections.TryRemove(new(cache, election));

    /// <inheritdoc />
    public Task RefillsEnded(string cache, UInt128[] entries)
    {
        if (_elections.TryGetValue(cache, out var election))
        {
            election.Hear(entries);
        }

        return Task.CompletedTask;
    }
}
