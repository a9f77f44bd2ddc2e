using System.Runtime.InteropServices;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications;

/// <summary>
/// Which bodies some publications use. Counting one in or out costs its pages, and the chunks of those that no other counted one has.
/// </summary>
internal sealed class UseCounts
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>True when a counted publication uses the body.</summary>
    public bool IsUsed(string name) => _counts.ContainsKey(name);

    /// <summary>Counts a publication in; gives the names of bodies that none used before.</summary>
    public List<string> Add(PartIndex index)
    {
        var come = new List<string>();
        foreach (var head in index.Heads)
        {
            Begin(head, come);
        }

        foreach (var page in index.Pages.Where(page => _counts[page.Reference.Name] == 1))
        {
            foreach (var chunk in page.Chunks)
            {
                Begin(chunk, come);
            }
        }

        return come;
    }

    /// <summary>Counts a publication out; gives the names of bodies that none uses any more.</summary>
    public List<string> Remove(PartIndex index)
    {
        var gone = new List<string>();
        foreach (var page in index.Pages.Where(page => _counts[page.Reference.Name] == 1))
        {
            foreach (var chunk in page.Chunks)
            {
                End(chunk, gone);
            }
        }

        foreach (var head in index.Heads)
        {
            End(head, gone);
        }

        return gone;
    }

    private void Begin(ChunkReference chunk, List<string> come)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, chunk.Name, out _);
        if (++count == 1)
        {
            come.Add(chunk.Name);
        }
    }

    private void End(ChunkReference chunk, List<string> gone)
    {
        if (--CollectionsMarshal.GetValueRefOrNullRef(_counts, chunk.Name) == 0)
        {
            _counts.Remove(chunk.Name);
            gone.Add(chunk.Name);
        }
    }
}
