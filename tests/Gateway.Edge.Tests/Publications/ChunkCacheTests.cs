using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Edge.Publications;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Publications;

public sealed class ChunkCacheTests
{
    private readonly ChunkCodec _codec = new(SiteKey.Generate().Publication);
    private readonly List<(ChunkReference Chunk, byte[] Body)> _chunks = [];
    private readonly ChunkCache _cache;

    public ChunkCacheTests() => _cache = new(_codec, []);

    [Fact]
    public void Policies_that_are_equal_are_held_once()
    {
        ChunkReference[] apis = [.. Enumerable.Range(0, 50).Select(number => Api($"api-{number}", number % 2 == 0 ? "<even />" : "<odd />"))];
        var manifest = Manifest(apis);

        Assert.Null(_cache.Add([.. _chunks]));
        var policies = _cache.Content(manifest).Value!.Pages.SelectMany(page => page.Apis).Select(api => api.Value.Policy!).ToArray();

        Assert.Equal(50, policies.Length);
        Assert.Equal(2, policies.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Chunk_that_is_damaged_is_named()
    {
        Manifest([.. Enumerable.Range(0, 50).Select(number => Api($"api-{number}", "<same />"))]);
        _chunks[7].Body[^1] ^= 1;

        Assert.Contains($"'{_chunks[7].Chunk.Id}'", _cache.Add([.. _chunks]), StringComparison.Ordinal);
    }

    private ChunkReference Api(string path, string policy) =>
        Put(ChunkKind.Api, path, TestPublication.Api(path, null) with { Policy = policy }, PublicationJson.Default.ApiChunk);

    private Manifest Manifest(ChunkReference[] apis) => new()
    {
        Lineage = "test",
        Number = 1,
        Gateway = "managed",
        CatalogVersion = 1,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Chunks =
        [
            Put(ChunkKind.Service, "service", new ServiceChunk { ServiceName = "gateway" }, PublicationJson.Default.ServiceChunk),
            .. apis.GroupBy(api => IndexPage.Of(ChunkKind.Api, api.Id))
                .Select(page => Put(ChunkKind.Index, IndexPage.Id(page.Key), new IndexPage { Chunks = [.. page.OrderBy(api => api.Id, StringComparer.Ordinal)] }, PublicationJson.Default.IndexPage)),
        ],
    };

    private ChunkReference Put<T>(ChunkKind kind, string id, T value, JsonTypeInfo<T> type)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var name = _codec.NameOf(plain);
        var body = _codec.Encode(name, plain);
        var chunk = new ChunkReference(kind, id, name, body.Length);
        _chunks.Add((chunk, body));
        return chunk;
    }
}
