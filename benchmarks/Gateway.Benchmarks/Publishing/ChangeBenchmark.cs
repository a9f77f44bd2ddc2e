using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Edge.Models;
using Gateway.Edge.Publications;

namespace Gateway.Benchmarks.Publishing;

/// <summary>What an edge does for a change of one API among many, step by step; what reaches it and the disk are not in it.</summary>
public class ChangeBenchmark
{
    private static readonly Dictionary<string, byte[]> _nothing = [];

    private readonly Dictionary<string, byte[]> _bodies = new(StringComparer.Ordinal);
    private readonly ChunkCodec _codec = new(SiteKey.Generate().Publication);
    private readonly SignedManifest[] _offers = new SignedManifest[2];
    private readonly Manifest[] _manifests = new Manifest[2];
    private readonly PublicationContent[] _contents = new PublicationContent[2];
    private readonly PublicationModel[] _models = new PublicationModel[2];
    private ChunkCache _cache = null!;
    private int _turn;

    /// <summary>How many APIs there are.</summary>
    [Params(10, 1000, 10_000)]
    public int Apis { get; set; }

    /// <summary>Makes two publications that differ in one API.</summary>
    [GlobalSetup]
    public async Task SetUp()
    {
        using var signer = ManifestSigner.Create();
        var apis = Enumerable.Range(0, Apis).Select(number => Put(ChunkKind.Api, $"api-{number}", Api(number, "v0"), PublicationJson.Default.ApiChunk)).ToArray();
        _cache = new ChunkCache(_codec, []);
        for (var turn = 0; turn < 2; turn++)
        {
            apis[Apis / 2] = Put(ChunkKind.Api, $"api-{Apis / 2}", Api(Apis / 2, $"v{turn}"), PublicationJson.Default.ApiChunk);
            _manifests[turn] = Manifest(turn + 1, apis);
            _offers[turn] = signer.Sign(_manifests[turn]);
            _contents[turn] = await TakeAsync(_manifests[turn]);
            _models[turn] = PublicationBuilder.Build(_contents[turn], turn == 0 ? null : _models[0]).Value!;
        }
    }

    /// <summary>Checking the signature and reading the manifest.</summary>
    [Benchmark]
    public bool Verify() => ManifestVerifier.Verify(_offers[0], _offers[0].PublicKey).IsSuccess;

    /// <summary>Finding, opening and reading what changed.</summary>
    [Benchmark]
    public Task<PublicationContent> Take() => TakeAsync(_manifests[++_turn & 1]);

    /// <summary>Building the model from the one before.</summary>
    [Benchmark]
    public bool Build() => PublicationBuilder.Build(_contents[0], _models[1]).IsSuccess;

    /// <summary>Finding what the backup lacks and what it needs no more.</summary>
    [Benchmark]
    public int Compare() => _contents[0].ChunksNotIn(_contents[1]).Count() + _contents[1].ChunksNotIn(_contents[0]).Count();

    private async Task<PublicationContent> TakeAsync(Manifest manifest)
    {
        var wrong = await ChunkFetcher.TakeAsync((names, _) => Task.FromResult<byte[]?[]>([.. names.Select(name => _bodies[name])]), _cache, manifest, _nothing, [], default);
        var content = wrong is null ? _cache.Content(manifest).Value! : throw new InvalidOperationException(wrong);
        _cache.Applied(content);
        return content;
    }

    private Manifest Manifest(long number, IEnumerable<ChunkReference> apis) => new()
    {
        Lineage = "01890a5d-ac96-774b-bcce-b302099a8057",
        Number = number,
        Gateway = "managed",
        CatalogVersion = number,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Chunks =
        [
            Put(ChunkKind.Service, ChunkReference.ServiceId, new ServiceChunk { ServiceName = "gateway" }, PublicationJson.Default.ServiceChunk),
            .. apis.GroupBy(api => IndexPage.Of(api.Kind, api.Id)).OrderBy(page => page.Key).Select(page => Put(
                ChunkKind.Index, IndexPage.Id(page.Key), new IndexPage { Chunks = [.. page.OrderBy(api => api.Id, StringComparer.Ordinal)] }, PublicationJson.Default.IndexPage)),
        ],
    };

    private static ApiChunk Api(int number, string version) => new()
    {
        Id = $"api-{number}",
        DisplayName = $"API {number} {version}",
        Path = $"api-{number}",
        Protocols = ["http"],
        ServiceUrl = "http://127.0.0.1:9",
        Operations = [.. Enumerable.Range(0, 5).Select(i => new OperationEntry { Id = $"op-{i}", DisplayName = $"op {i}", Method = "GET", UrlTemplate = $"/op-{i}" })],
    };

    private ChunkReference Put<T>(ChunkKind kind, string id, T value, JsonTypeInfo<T> type)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var name = _codec.NameOf(plain);
        if (!_bodies.TryGetValue(name, out var body))
        {
            _bodies[name] = body = _codec.Encode(name, plain);
        }

        return new ChunkReference(kind, id, name, body.Length);
    }
}
