using System.Buffers;
using System.Collections;

namespace Gateway.Contracts.Publications;

/// <summary>What a well-formed manifest and well-formed pages of its index look like.</summary>
public static class ManifestRules
{
    /// <summary>Bytes of one stored chunk at most.</summary>
    public const int MaximumChunkLength = ChunkCodec.MaximumPlainLength;

    /// <summary>Bytes of one stored page at most.</summary>
    public const int MaximumPageLength = 4 * 1024 * 1024;

    /// <summary>Chunks that one page names at most: 262,144 for a whole publication.</summary>
    public const int MaximumChunksPerPage = 4096;

    /// <summary>Expression ABIs of one publication at most.</summary>
    public const int MaximumAbis = 2;

    private const int NameLength = 43;

    private static readonly SearchValues<char> _nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Null when well-formed, else a sentence that says what is wrong.</summary>
    public static string? Objection(Manifest manifest)
    {
        if (manifest.Schema != Manifest.CurrentSchema)
        {
            return $"the publication has schema {manifest.Schema}; this version reads {Manifest.CurrentSchema}";
        }

        if (manifest.Number < 1 || string.IsNullOrEmpty(manifest.Lineage) || manifest.Predecessors is null || manifest.Chunks is null)
        {
            return "the manifest lacks its lineage, its number, its predecessors or its chunks";
        }

        if (manifest.ExpressionAbis is not { Count: <= MaximumAbis })
        {
            return $"the manifest names more than {MaximumAbis} expression ABIs";
        }

        if (manifest.Chunks.Count > IndexPage.Count + 1)
        {
            return $"the manifest names {manifest.Chunks.Count} chunks; it has one for the service and at most {IndexPage.Count} pages";
        }

        // The pages, and behind them the service-wide part.
        var places = new BitArray(IndexPage.Count + 1);
        foreach (var chunk in manifest.Chunks)
        {
            if (!IsWellFormed(chunk) || !IsHead(chunk))
            {
                return "the manifest names a chunk that is neither the service-wide one nor a page, or without a well-formed name or a length within its bounds";
            }

            var place = chunk.Kind == ChunkKind.Index ? IndexPage.Number(chunk.Id)!.Value : IndexPage.Count;
            if (places[place])
            {
                return $"the manifest names chunk {chunk.Kind} '{chunk.Id}' twice";
            }

            places[place] = true;
        }

        return places[IndexPage.Count] ? null : "the manifest has no service-wide part";
    }

    /// <summary>Null when a page is well-formed and names only what belongs to it, else a sentence that says what is wrong.</summary>
    /// <param name="number">The page's number.</param>
    /// <param name="page">Its content.</param>
    /// <param name="known">Chunks that are known to belong to the page, in order.</param>
    public static string? Objection(int number, IndexPage page, ReadOnlySpan<ChunkReference> known = default)
    {
        if (page.Chunks is null || page.Chunks.Count is < 1 or > MaximumChunksPerPage)
        {
            return $"page {number} of the index names no chunk, or more than {MaximumChunksPerPage}";
        }

        ChunkReference? before = null;
        foreach (var chunk in page.Chunks)
        {
            if (!IsWellFormed(chunk) || chunk.Kind is ChunkKind.Service or ChunkKind.Index)
            {
                return $"page {number} of the index names a chunk of a wrong kind, or without an id, a well-formed name or a length within its bounds";
            }

            while (!known.IsEmpty && ChunkReference.ComparePlaces(known[0], chunk) < 0)
            {
                known = known[1..];
            }

            var isKnown = !known.IsEmpty && ChunkReference.ComparePlaces(known[0], chunk) == 0;
            if (!isKnown && IndexPage.Of(chunk.Kind, chunk.Id) != number)
            {
                return $"page {number} of the index names chunk {chunk.Kind} '{chunk.Id}', which belongs to another page";
            }

            // Ascending also means that nothing is named twice.
            if (before is not null && ChunkReference.ComparePlaces(before, chunk) >= 0)
            {
                return $"page {number} of the index is not in order at chunk {chunk.Kind} '{chunk.Id}'";
            }

            before = chunk;
        }

        return null;
    }

    private static bool IsHead(ChunkReference chunk) =>
        chunk.Kind == ChunkKind.Index ? IndexPage.Number(chunk.Id) is not null && chunk.Length <= MaximumPageLength
            : chunk is { Kind: ChunkKind.Service, Id: ChunkReference.ServiceId };

    private static bool IsWellFormed(ChunkReference? chunk) =>
        chunk is not null && chunk.Id is not null && IsName(chunk.Name) && chunk.Length is >= 1 and <= MaximumChunkLength;

    // Names become file and key names, so nothing but the alphabet of base64url may be in them.
    private static bool IsName(string? name) =>
        name is { Length: NameLength } && !name.AsSpan().ContainsAnyExcept(_nameCharacters);
}
