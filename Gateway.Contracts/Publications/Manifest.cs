namespace Gateway.Contracts.Publications;

/// <summary>
/// The head of one publication for one gateway: names the service-wide chunk and the pages of the index, which name all other
/// chunks. Wire: UTF-8 JSON, signed as bytes; members are only added.
/// </summary>
public sealed record Manifest
{
    /// <summary>The version of the manifest's and the chunks' shapes that this code writes. 1 had no pages.</summary>
    public const int CurrentSchema = 2;

    /// <summary>See <see cref="CurrentSchema"/>.</summary>
    public int Schema { get; set; } = CurrentSchema;

    /// <summary>The lineage this publication belongs to.</summary>
    public required string Lineage { get; init; }

    /// <summary>All lineages that this one continues; an edge that runs one of them may move to this one.</summary>
    public IReadOnlyList<string> Predecessors { get; set; } = [];

    /// <summary>1 and up; greater is newer inside the lineage.</summary>
    public required long Number { get; init; }

    /// <summary>The gateway that this publication is for.</summary>
    public required string Gateway { get; init; }

    /// <summary>The catalog version that was projected.</summary>
    public required long CatalogVersion { get; init; }

    /// <summary>The hub's publication that it was made of on a federated site; null when it was made of this site's catalog.</summary>
    public PublicationId? Origin { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// The number of the publication that this one brought back; null when it was made from the catalog. Then <see cref="CatalogVersion"/> is the version
    /// that was put aside.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public long? RollbackOf { get; set; }

    /// <summary>
    /// The expression ABIs that each program of the publication is there for, newest first; at most two, none without programs. An edge
    /// uses the first that it speaks.
    /// </summary>
    public IReadOnlyList<int> ExpressionAbis { get; set; } = [];

    /// <summary>The service-wide chunk, and the pages of the index that hold any chunk, by number.</summary>
    public required IReadOnlyList<ChunkReference> Chunks { get; init; }

    /// <summary>The publication's name.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public PublicationId Id => new(Lineage, Number);
}

/// <summary>What a chunk holds.</summary>
public enum ChunkKind
{
    /// <summary>The service-wide part: <see cref="ServiceChunk"/>.</summary>
    Service = 0,

    /// <summary>One API with its operations and policies: <see cref="ApiChunk"/>.</summary>
    Api = 1,

    /// <summary>A bucket of subscriptions: <see cref="SubscriptionsChunk"/>.</summary>
    Subscriptions = 2,

    /// <summary>The compiled expressions of one API or of the service-wide part: <see cref="ProgramChunk"/>.</summary>
    Program = 3,

    /// <summary>A page of the index: <see cref="IndexPage"/>.</summary>
    Index = 4,
}

/// <summary>One chunk of a publication.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Id">The API's id, the bucket's or page's number, the program's id, or <c>service</c>; with the kind unique in a publication.</param>
/// <param name="Name">HMAC-SHA-256 of the plain content under the publication key, base64url: equal content, equal name.</param>
/// <param name="Length">Bytes of the stored (compressed, encrypted) body.</param>
[System.Text.Json.Serialization.JsonConverter(typeof(ChunkReferenceConverter))]
public sealed record ChunkReference(ChunkKind Kind, string Id, string Name, int Length)
{
    /// <summary>The id of the service-wide chunk.</summary>
    public const string ServiceId = "service";

    /// <summary>Orders by kind and id, as manifests and pages do.</summary>
    public static int ComparePlaces(ChunkReference left, ChunkReference right) =>
        left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : string.CompareOrdinal(left.Id, right.Id);
}
