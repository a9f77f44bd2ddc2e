using System.Collections.Concurrent;
using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Views;

/// <summary>The names of edges that were heard in reports, so that one which falls silent can still be named.</summary>
internal sealed class EdgeNames
{
    private readonly ConcurrentDictionary<Guid, string> _names = new();

    /// <summary>The name of an edge; null when it never said.</summary>
    public string? Find(Guid life) => _names.GetValueOrDefault(life);

    /// <summary>Keeps what edges said of themselves, and forgets those that no silo knows any more.</summary>
    public void Note(IEnumerable<EdgeLimits> heard, IReadOnlySet<Guid> known)
    {
        foreach (var edge in heard)
        {
            _names[edge.Life] = edge.Node;
        }

        foreach (var life in _names.Keys.Where(life => !known.Contains(life)))
        {
            _names.TryRemove(life, out _);
        }
    }
}
