using Gateway.Contracts.Publications;

namespace Gateway.Edge.Publications;

/// <summary>
/// One verified and decoded publication, ready to be built into a model. A page that did not change since the publication before
/// is the same object, and so is a chunk, so that what was built from them can be used again.
/// </summary>
public sealed record PublicationContent
{
    /// <summary>The verified manifest.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>The service-wide part.</summary>
    public required DecodedChunk<ServiceChunk> Service { get; init; }

    /// <summary>The pages by their number: <see cref="IndexPage.Count"/> of them, those without chunks too.</summary>
    public required IReadOnlyList<ContentPage> Pages { get; init; }

    /// <summary>The expression ABI of the programs that are used; null without programs.</summary>
    public int? ExpressionAbi { get; init; }

    /// <summary>All chunks that this edge uses of this publication and not of the other, the service-wide one and pages included.</summary>
    /// <param name="other">The other publication; null for none.</param>
    internal IEnumerable<ChunkReference> ChunksNotIn(PublicationContent? other)
    {
        foreach (var head in Manifest.Chunks)
        {
            var page = head.Kind == ChunkKind.Index ? IndexPage.Number(head.Id) : null;
            var held = page is { } number ? other?.Pages[number] : null;
            var isNew = head.Name != (page is null ? other?.Service.Name : held?.Name);
            if (isNew)
            {
                yield return head;
            }

            // Of the same page an edge uses other programs when the ABI is another.
            if (page is { } changed && (isNew || ExpressionAbi != other?.ExpressionAbi))
            {
                foreach (var chunk in (held ?? ContentPage.Empty).Lacking(Pages[changed].Chunks))
                {
                    yield return chunk;
                }
            }
        }
    }
}

/// <summary>One page of the index with the chunks it names, decoded.</summary>
public sealed record ContentPage
{
    /// <summary>A page without chunks.</summary>
    public static ContentPage Empty { get; } = new() { Name = "" };

    /// <summary>Names the content of the page and so of all its chunks; empty for a page without chunks.</summary>
    public required string Name { get; init; }

    /// <summary>The APIs, ordered by id.</summary>
    public IReadOnlyList<DecodedChunk<ApiChunk>> Apis { get; init; } = [];

    /// <summary>The buckets of subscriptions, ordered by id.</summary>
    public IReadOnlyList<DecodedChunk<SubscriptionsChunk>> Subscriptions { get; init; } = [];

    /// <summary>The programs of the expression ABI that is used, ordered by id.</summary>
    public IReadOnlyList<DecodedChunk<ProgramChunk>> Programs { get; init; } = [];

    /// <summary>What the page names of what this edge uses, ordered by kind and id.</summary>
    internal ChunkReference[] Chunks { get; init; } = [];

    /// <summary>The decoded content of each of them.</summary>
    internal object[] Values { get; init; } = [];

    /// <summary>Those of some chunks of the same page of another publication, ordered alike, that this one does not have, or with another content.</summary>
    internal IEnumerable<ChunkReference> Lacking(ChunkReference[] chunks) => chunks.Zip(ValuesOf(chunks)).Where(pair => pair.Second is null).Select(pair => pair.First);

    /// <summary>The decoded content of each of such chunks; null where it is lacking.</summary>
    internal object?[] ValuesOf(ChunkReference[] chunks)
    {
        var values = new object?[chunks.Length];
        var here = 0;
        for (var there = 0; there < chunks.Length; there++)
        {
            while (here < Chunks.Length && ChunkReference.ComparePlaces(Chunks[here], chunks[there]) < 0)
            {
                here++;
            }

            values[there] = here < Chunks.Length && Chunks[here].Kind == chunks[there].Kind && Chunks[here].Id == chunks[there].Id && Chunks[here].Name == chunks[there].Name
                ? Values[here] : null;
        }

        return values;
    }
}

/// <summary>One decoded chunk.</summary>
/// <param name="Id">The chunk's id in its page: an API's id, a bucket's number, or <c>service</c>.</param>
/// <param name="Name">Names the content: equal names mean equal content, also between publications.</param>
/// <param name="Value">The content.</param>
public sealed record DecodedChunk<T>(string Id, string Name, T Value);
