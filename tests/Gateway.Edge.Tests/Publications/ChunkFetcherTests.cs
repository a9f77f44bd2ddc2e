using Gateway.Contracts.Publications;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Tests.Publications;

public sealed class ChunkFetcherTests
{
    [Fact]
    public void Batches_AreBoundedInBytesAndCount_AndALargeChunkComesAlone()
    {
        ChunkReference[] chunks =
        [
            Chunk(1, 1_000_000), Chunk(2, 3_000_000), Chunk(3, 1_000_000), Chunk(4, 50_000_000), Chunk(5, 1),
            .. Enumerable.Range(100, 1200).Select(number => Chunk(number, 10)),
        ];

        var batches = ChunkFetcher.Batches(chunks).ToArray();

        Assert.Equal(chunks, batches.SelectMany(batch => batch));
        Assert.All(batches, batch => Assert.True(batch.Count <= ChunkFetcher.MaximumChunks));
        Assert.All(batches, batch => Assert.True(batch.Count == 1 || batch.Sum(chunk => chunk.Length) <= ChunkFetcher.MaximumBatch));
        Assert.Equal([1, 2], batches[0].Select(chunk => int.Parse(chunk.Id, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("4", Assert.Single(batches[2]).Id);
    }

    [Fact]
    public void Batches_OfNothing_AreNone() => Assert.Empty(ChunkFetcher.Batches([]));

    private static ChunkReference Chunk(int number, int length) => new(ChunkKind.Api, $"{number}", $"{number}", length);
}
