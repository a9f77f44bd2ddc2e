using System.Collections.Concurrent;

namespace Gateway.Grains.Publications;

/// <summary>
/// The stored bodies of the publication in force, in memory: edges get them also while the store is away. Bodies of older
/// publications are read through.
/// </summary>
internal sealed class BodyCache(string gateway, IPublicationStore store)
{
    private readonly ConcurrentDictionary<string, byte[]> _bodies = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly UseCounts _uses = new();
    private PartIndex _current = PartIndex.Empty;

    /// <summary>True when every body of the publication in force is in memory.</summary>
    public bool IsComplete => _missing.Count == 0;

    /// <summary>Takes on bodies of the publication that is kept next.</summary>
    public void Add(IReadOnlyDictionary<string, byte[]> bodies)
    {
        foreach (var (name, body) in bodies)
        {
            _bodies[name] = body;
        }
    }

    /// <summary>Keeps what this publication uses and lets go of what only the one before did.</summary>
    public void Keep(PartIndex index)
    {
        _missing.UnionWith(_uses.Add(index).Where(name => !_bodies.ContainsKey(name)));
        foreach (var gone in _uses.Remove(_current))
        {
            _bodies.TryRemove(gone, out _);
            _missing.Remove(gone);
        }

        _current = index;
    }

    /// <summary>A body that is in memory; null when it is not.</summary>
    public byte[]? Find(string name) => _bodies.GetValueOrDefault(name);

    /// <summary>Reads what is missing of the publication in force.</summary>
    public async Task FillAsync()
    {
        if (!IsComplete)
        {
            await GetAsync([.. _missing]);
        }
    }

    /// <summary>Bodies in the order asked; null for one that is gone.</summary>
    public async Task<byte[]?[]> GetAsync(IReadOnlyList<string> names)
    {
        var found = names.Select(name => _bodies.GetValueOrDefault(name)).ToArray();
        int[] missing = [.. Enumerable.Range(0, found.Length).Where(index => found[index] is null)];
        if (missing.Length > 0)
        {
            var read = await store.BodiesAsync(gateway, [.. missing.Select(index => names[index])]);
            for (var i = 0; i < missing.Length; i++)
            {
                var name = names[missing[i]];
                found[missing[i]] = read[i];
                if (read[i] is { } body && _uses.IsUsed(name))
                {
                    _bodies[name] = body;
                    _missing.Remove(name);
                }
            }
        }

        return found;
    }
}
