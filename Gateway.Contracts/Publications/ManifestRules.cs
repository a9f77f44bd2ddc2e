namespace Gateway.Contracts.Publications;

/// <summary>What a well-formed manifest looks like.</summary>
public static class ManifestRules
{
    /// <summary>Bytes of one stored chunk at most.</summary>
    public const int MaximumChunkLength = ChunkCodec.MaximumPlainLength;

    /// <summary>Chunks of one publication at most.</summary>
    public const int MaximumChunks = 100_000;

    private const int NameLength = 43;

    /// <summary>Null when well-formed, else a sentence that says what is wrong.</summary>
    public static string? Objection(Manifest manifest)
    {
        if (manifest.Schema is < 1 or > Manifest.CurrentSchema)
        {
            return $"the publication has schema {manifest.Schema}; this version reads 1 to {Manifest.CurrentSchema}";
        }

        if (manifest.Number < 1 || string.IsNullOrEmpty(manifest.Lineage) || manifest.Predecessors is null || manifest.Chunks is null)
        {
            return "the manifest lacks its lineage, its number, its predecessors or its chunks";
        }

        if (manifest.Chunks.Count > MaximumChunks)
        {
            return $"the publication has {manifest.Chunks.Count} chunks; at most {MaximumChunks} are accepted";
        }

        var places = new HashSet<(ChunkKind, string)>();
        foreach (var chunk in manifest.Chunks)
        {
            if (chunk is null || chunk.Id is null || !IsName(chunk.Name) || chunk.Length is < 1 or > MaximumChunkLength)
            {
                return "the manifest names a chunk without an id, a well-formed name or a length within its bounds";
            }

            if (!places.Add((chunk.Kind, chunk.Id)))
            {
                return $"the manifest names chunk {chunk.Kind} '{chunk.Id}' twice";
            }
        }

        return places.Contains((ChunkKind.Service, ChunkReference.ServiceId)) ? null : "the manifest has no service-wide part";
    }

    // Names become file and key names, so nothing but the alphabet of base64url may be in them.
    private static bool IsName(string? name) =>
        name is { Length: NameLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
