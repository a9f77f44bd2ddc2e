using System.Collections.Concurrent;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications;

/// <summary>
/// The stored bodies of the publication in force, in memory: edges get them also while the store is away. Bodies of older
/// publications are read through.
/// </summary>
internal sealed class BodyCache(string gateway, IPublicationStore store)
{
    private readonly ConcurrentDictionary<string, byte[]> _bodies = new(StringComparer.Ordinal);
    private HashSet<string> _current = [];

    /// <summary>True when every body of the publication in force is in memory.</summary>
    public bool IsComplete => _current.All(_bodies.ContainsKey);

    /// <summary>Takes on bodies that were just made.</summary>
    public void Add(IReadOnlyDictionary<string, byte[]> bodies)
    {
        foreach (var (name, body) in bodies)
        {
            _bodies[name] = body;
        }
    }

    /// <summary>Keeps what this publication uses and lets go of the rest.</summary>
    public void Keep(Manifest manifest)
    {
        _current = manifest.Chunks.Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _bodies.Keys.Where(name => !_current.Contains(name)))
        {
            _bodies.TryRemove(name, out _);
        }
    }

    /// <summary>Reads what is missing of the publication in force.</summary>
    public async Task FillAsync()
    {
        if (!IsComplete)
        {
            await GetAsync([.. _current]);
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
                if (read[i] is { } body && _current.Contains(name))
                {
                    _bodies[name] = body;
                }
            }
        }

        return found;
    }
}
