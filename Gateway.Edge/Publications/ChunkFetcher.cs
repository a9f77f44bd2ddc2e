using Gateway.Contracts.Publications;

namespace Gateway.Edge.Publications;

/// <summary>Gives the stored bodies of chunks in the order asked; null for one that is gone.</summary>
internal delegate Task<byte[]?[]> ChunkSource(string[] names, CancellationToken cancellationToken);

/// <summary>Fetches bodies of chunks, in answers of bounded size.</summary>
internal static class ChunkFetcher
{
    /// <summary>Bytes of bodies in one answer; a chunk that is larger comes alone.</summary>
    public const int MaximumBatch = 4 * 1024 * 1024;

    /// <summary>Chunks in one answer at most.</summary>
    public const int MaximumChunks = 500;

    /// <summary>The bodies by name, as they arrive; without those that are no longer there.</summary>
    public static async IAsyncEnumerable<(ChunkReference Chunk, byte[] Body)> FetchAsync(
        ChunkSource source, IReadOnlyList<ChunkReference> chunks,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var batch in Batches(chunks))
        {
            var bodies = await source([.. batch.Select(chunk => chunk.Name)], cancellationToken);
            for (var i = 0; i < batch.Count; i++)
            {
                if (i < bodies.Length && bodies[i] is { } body)
                {
                    yield return (batch[i], body);
                }
            }
        }
    }

    /// <summary>The chunks in groups, each within the bounds.</summary>
    public static IEnumerable<IReadOnlyList<ChunkReference>> Batches(IEnumerable<ChunkReference> chunks)
    {
        var batch = new List<ChunkReference>();
        var left = MaximumBatch;
        foreach (var chunk in chunks)
        {
            if (batch.Count > 0 && (chunk.Length > left || batch.Count == MaximumChunks))
            {
                yield return batch;
                batch = [];
                left = MaximumBatch;
            }

            batch.Add(chunk);
            left -= chunk.Length;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
