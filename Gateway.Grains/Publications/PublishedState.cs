using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications;

/// <summary>The publication in force and what is kept with it. Replaced as a whole.</summary>
internal sealed record PublishedState
{
    /// <summary>The kept publications, newest first; the first is the one in force.</summary>
    public required IReadOnlyList<KeptPublication> Kept { get; init; }

    /// <summary>The manifest in force as edges get it.</summary>
    public SignedManifest Signed => Kept[0].Signed;

    /// <summary>The manifest in force.</summary>
    public Manifest Manifest => Kept[0].Manifest;

    /// <summary>Its chunks.</summary>
    public PartIndex Index => Kept[0].Index;
}

/// <summary>A publication whose bodies are kept.</summary>
internal sealed record KeptPublication(SignedManifest Signed, Manifest Manifest, PartIndex Index)
{
    /// <summary>For people.</summary>
    public PublicationSummary Summary() => new()
    {
        Id = Manifest.Id,
        CatalogVersion = Manifest.CatalogVersion,
        CreatedAt = Manifest.CreatedAt,
        Parts = Index.Parts.Count(),
        Bytes = Index.Parts.Sum(part => (long)part.Length),
        RollbackOf = Manifest.RollbackOf,
    };

    /// <summary>Its parts, ordered by kind and id.</summary>
    public PublicationPart[] Parts() => [.. Index.Parts.Order(Comparer<ChunkReference>.Create(ChunkReference.ComparePlaces))
        .Select(part => new PublicationPart(part.Kind, part.Id, part.Name, part.Length))];
}
