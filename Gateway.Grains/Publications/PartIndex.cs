using Gateway.Contracts.Publications;
using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Publications;

/// <summary>
/// The chunks of one publication by the pages of its index. Immutable; a changed copy shares the pages that did not change, and
/// costs what its pages cost that did.
/// </summary>
internal sealed class PartIndex
{
    private readonly ChunkReference? _service;
    private readonly Page?[] _pages;

    private PartIndex(ChunkReference? service, Page?[] pages, IReadOnlyList<ChunkReference> heads) => (_service, _pages, Heads) = (service, pages, heads);

    /// <summary>No chunks at all.</summary>
    public static PartIndex Empty { get; } = new(null, new Page?[IndexPage.Count], []);

    /// <summary>What the manifest names: the service-wide chunk and the pages.</summary>
    public IReadOnlyList<ChunkReference> Heads { get; }

    /// <summary>The pages that hold any chunk.</summary>
    public IEnumerable<Page> Pages => _pages.OfType<Page>();

    /// <summary>All chunks but the pages, in no particular order.</summary>
    public IEnumerable<ChunkReference> Parts => Pages.SelectMany(page => page.Chunks).Concat(_service is null ? [] : [_service]);

    /// <summary>The index that a stored manifest and its pages describe.</summary>
    /// <param name="manifest">The manifest; one of an older schema names its chunks itself, none of which is built upon.</param>
    /// <param name="pageOf">Gives the content of a page.</param>
    public static PartIndex Of(Manifest manifest, Func<ChunkReference, IndexPage> pageOf)
    {
        if (manifest.Schema != Manifest.CurrentSchema)
        {
            return new PartIndex(null, new Page?[IndexPage.Count], manifest.Chunks);
        }

        var pages = new Page?[IndexPage.Count];
        foreach (var head in manifest.Chunks.Where(head => head.Kind == ChunkKind.Index))
        {
            pages[IndexPage.Number(head.Id) ?? throw new InvalidDataException($"A stored manifest names page '{head.Id}'.")] = new Page(head, [.. pageOf(head).Chunks]);
        }

        return Assemble(manifest.Chunks.FirstOrDefault(head => head.Kind == ChunkKind.Service), pages);
    }

    /// <summary>The chunk of a part; null when there is none.</summary>
    public ChunkReference? Find(PartKey part)
    {
        if (part == PartKey.Service)
        {
            return _service;
        }

        if (_pages[part.Page] is not { } page)
        {
            return null;
        }

        var index = Array.BinarySearch(page.Chunks, part.Place, PlaceOrder.Instance);
        return index < 0 ? null : page.Chunks[index];
    }

    /// <summary>The pages and chunks of this index that another one has not.</summary>
    public IEnumerable<ChunkReference> ChunksNotIn(PartIndex other)
    {
        if (_service is not null && _service.Name != other._service?.Name)
        {
            yield return _service;
        }

        foreach (var (page, old) in _pages.Zip(other._pages))
        {
            if (page is null || page.Reference.Name == old?.Reference.Name)
            {
                continue;
            }

            yield return page.Reference;
            var names = old?.Chunks.Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal) ?? [];
            foreach (var chunk in page.Chunks.Where(chunk => !names.Contains(chunk.Name)))
            {
                yield return chunk;
            }
        }
    }

    /// <summary>The index in which some parts have another chunk, or none any more.</summary>
    /// <param name="changes">The chunk of each changed part; null where the part is gone.</param>
    /// <param name="pack">Makes the chunk of a page.</param>
    public PartIndex With(IReadOnlyDictionary<PartKey, ChunkReference?> changes, Func<int, IndexPage, ChunkReference> pack)
    {
        var pages = (Page?[])_pages.Clone();
        foreach (var changed in changes.Where(change => change.Key != PartKey.Service).GroupBy(change => change.Key.Page))
        {
            var chunks = new SortedSet<ChunkReference>(pages[changed.Key]?.Chunks ?? [], PlaceOrder.Instance);
            foreach (var (part, chunk) in changed)
            {
                chunks.Remove(part.Place);
                if (chunk is not null)
                {
                    chunks.Add(chunk);
                }
            }

            ChunkReference[] left = [.. chunks];
            pages[changed.Key] = left.Length == 0 ? null : new Page(pack(changed.Key, new IndexPage { Chunks = left }), left);
        }

        return Assemble(changes.TryGetValue(PartKey.Service, out var service) ? service : _service, pages);
    }

    private static PartIndex Assemble(ChunkReference? service, Page?[] pages) =>
        new(service, pages, [.. service is null ? [] : new[] { service }, .. pages.OfType<Page>().Select(page => page.Reference)]);

    /// <summary>A page: its own chunk, and those that it names, in order.</summary>
    internal sealed record Page(ChunkReference Reference, ChunkReference[] Chunks);

    private sealed class PlaceOrder : IComparer<ChunkReference>
    {
        public static PlaceOrder Instance { get; } = new();

        public int Compare(ChunkReference? left, ChunkReference? right) => ChunkReference.ComparePlaces(left!, right!);
    }
}
