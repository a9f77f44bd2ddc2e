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

    /// <summary>What <see cref="TakeAsync"/> says when chunks are no longer there: a newer publication replaced this one meanwhile, or they were lost.</summary>
    public const string Gone = "not all of its chunks are there any more";

    /// <summary>Brings what a publication names and is not here into the cache: pages first, then what they name. Null when all is there, else what is wrong.</summary>
    /// <param name="source">Gives what did not come along.</param>
    /// <param name="cache">Checks and keeps what comes.</param>
    /// <param name="manifest">The publication.</param>
    /// <param name="along">Bodies that came along with it, by name.</param>
    /// <param name="bodies">Gets the bodies that were taken, by name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string?> TakeAsync(
        ChunkSource source, ChunkCache cache, Manifest manifest, IReadOnlyDictionary<string, byte[]> along, Dictionary<string, byte[]> bodies, CancellationToken cancellationToken) =>
        await TakePartAsync(source, cache, cache.MissingHeads(manifest), along, bodies, cancellationToken)
        ?? await TakePartAsync(source, cache, cache.MissingParts(manifest), along, bodies, cancellationToken);

    private static async Task<string?> TakePartAsync(
        ChunkSource source, ChunkCache cache, ChunkReference[] missing, IReadOnlyDictionary<string, byte[]> along, Dictionary<string, byte[]> bodies, CancellationToken cancellationToken)
    {
        (ChunkReference, byte[])[] here = [.. missing.Where(chunk => along.ContainsKey(chunk.Name)).Select(chunk => (chunk, along[chunk.Name]))];
        if (Add(here) is { } damaged)
        {
            return damaged;
        }

        ChunkReference[] lacking = [.. missing.Where(chunk => !along.ContainsKey(chunk.Name))];
        var found = 0;
        await foreach (var arrived in FetchAsync(source, lacking, cancellationToken))
        {
            if (Add(arrived) is { } wrong)
            {
                return wrong;
            }

            found += arrived.Length;
        }

        return found < lacking.Length ? Gone : null;

        string? Add((ChunkReference Chunk, byte[] Body)[] arrived)
        {
            foreach (var (chunk, body) in arrived)
            {
                bodies[chunk.Name] = body;
            }

            return cache.Add(arrived);
        }
    }

    /// <summary>The bodies by name, as they arrive; without those that are no longer there. While some are dealt with, the next are on their way.</summary>
    public static async IAsyncEnumerable<(ChunkReference Chunk, byte[] Body)[]> FetchAsync(
        ChunkSource source, IReadOnlyList<ChunkReference> chunks,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batches = Batches(chunks).ToArray();
        var next = AskAsync(0);
        for (var number = 0; number < batches.Length; number++)
        {
            var (batch, bodies) = (batches[number], await next);
            next = AskAsync(number + 1);
            // Whoever stops here does not want it.
            next.Ignore();
            yield return [.. batch.Zip(bodies).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))];
        }

        Task<byte[]?[]> AskAsync(int number) =>
            number < batches.Length ? source([.. batches[number].Select(chunk => chunk.Name)], cancellationToken) : Task.FromResult<byte[]?[]>([]);
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
