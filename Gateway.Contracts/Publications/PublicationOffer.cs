namespace Gateway.Contracts.Publications;

/// <summary>A publication that is current, and what the edge that asked is likely to lack of it.</summary>
/// <param name="Signed">The signed manifest.</param>
[GenerateSerializer, Immutable, Alias("gw.PublicationOffer")]
public sealed record PublicationOffer([property: Id(0)] SignedManifest Signed)
{
    /// <summary>Bytes of the bodies that come along at most; beyond it none do, and the edge asks for what it lacks.</summary>
    public const int MaximumBodies = 256 * 1024;

    /// <summary>
    /// Bodies of pages and chunks that the publication has and the one that the edge runs has not, so that a small change takes one answer.
    /// No promise: what is missing here is asked for.
    /// </summary>
    [Id(1)] public ChunkBody[] Bodies { get; init; } = [];
}

/// <summary>The stored body of a page or chunk.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Body">Its content, compressed and sealed.</param>
[GenerateSerializer, Immutable, Alias("gw.ChunkBody")]
public sealed record ChunkBody([property: Id(0)] string Name, [property: Id(1)] byte[] Body);
