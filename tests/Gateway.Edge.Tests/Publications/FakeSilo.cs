using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Contracts.Rollouts;
using Gateway.Contracts.Secrets;

namespace Gateway.Edge.Tests.Publications;

/// <summary>A publication grain in memory, with the keys of its site; everything about it can be made to lie.</summary>
internal sealed class FakeSilo(PublicationKey key, ManifestSigner signer, string gateway = "managed") : IPublicationGrain
{
    private readonly ChunkCodec _codec = new(key);
    private readonly ConcurrentQueue<FeedPosition> _polls = new();
    private volatile TaskCompletionSource _changed = New();
    private volatile SignedManifest? _current;
    private int _refusals;

    public ConcurrentDictionary<string, byte[]> Bodies { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string[]> Fetches { get; } = new();

    /// <summary>The names of bodies that come along with what is offered.</summary>
    public ConcurrentBag<string> Along { get; } = [];

    public volatile bool IsDown;

    /// <summary>What its calls end with while it is down.</summary>
    public Exception Fault { get; set; } = new TimeoutException("The silo is down.");

    /// <summary>Calls that came while it was down.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    public FeedPosition LastPoll => _polls.LastOrDefault() ?? new FeedPosition { Node = "" };

    public int Polls => _polls.Count;

    public Manifest Publish(long number, params ApiChunk[] apis) => Publish("L", [], number, apis);

    public Manifest Publish(string lineage, string[] predecessors, long number, params ApiChunk[] apis)
    {
        var manifest = new Manifest
        {
            Lineage = lineage,
            Predecessors = predecessors,
            Number = number,
            Gateway = gateway,
            CatalogVersion = number,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Chunks =
            [
                Put(ChunkKind.Service, ChunkReference.ServiceId, JsonSerializer.SerializeToUtf8Bytes(new ServiceChunk { ServiceName = "s" }, PublicationJson.Default.ServiceChunk)),
                .. apis.Select(Put).GroupBy(api => IndexPage.Of(api.Kind, api.Id)).OrderBy(page => page.Key).Select(page => PutPage(page.Key, [.. page])),
            ],
        };
        Offer(signer.Sign(manifest));
        return manifest;
    }

    /// <summary>Publishes one API and one program for some expression ABIs.</summary>
    public Manifest PublishProgram(long number, string key, params int[] abis)
    {
        ChunkReference[] parts = [Put(new ApiChunk { Id = "a", DisplayName = "a", Path = "a" }), .. abis.Select(abi => PutProgram(key, abi))];
        var manifest = new Manifest
        {
            Lineage = "L",
            Number = number,
            Gateway = gateway,
            CatalogVersion = number,
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpressionAbis = abis,
            Chunks =
            [
                Put(ChunkKind.Service, ChunkReference.ServiceId, JsonSerializer.SerializeToUtf8Bytes(new ServiceChunk { ServiceName = "s" }, PublicationJson.Default.ServiceChunk)),
                .. parts.GroupBy(part => IndexPage.Of(part.Kind, part.Id)).OrderBy(page => page.Key).Select(page => PutPage(page.Key, [.. page])),
            ],
        };
        Offer(signer.Sign(manifest));
        return manifest;
    }

    /// <summary>Stores a program whose image is two bytes.</summary>
    public ChunkReference PutProgram(string key, int abi) => Put(
        ChunkKind.Program, ProgramChunk.Id(key, abi), JsonSerializer.SerializeToUtf8Bytes(new ProgramChunk { Key = key, Abi = abi, Image = [7, (byte)abi] }, PublicationJson.Default.ProgramChunk));

    /// <summary>Stores an API's chunk.</summary>
    public ChunkReference Put(ApiChunk api) => Put(ChunkKind.Api, api.Id, JsonSerializer.SerializeToUtf8Bytes(api, PublicationJson.Default.ApiChunk));

    /// <summary>Stores a page of the index.</summary>
    public ChunkReference PutPage(int number, params ChunkReference[] chunks)
    {
        var page = new IndexPage { Chunks = [.. chunks.Order(Comparer<ChunkReference>.Create(ChunkReference.ComparePlaces))] };
        return Put(ChunkKind.Index, IndexPage.Id(number), JsonSerializer.SerializeToUtf8Bytes(page, PublicationJson.Default.IndexPage));
    }

    public void Offer(SignedManifest signed)
    {
        _current = signed;
        var woken = _changed;
        _changed = New();
        woken.SetResult();
    }

    public SignedManifest Sign(Manifest manifest) => signer.Sign(manifest);

    public async Task<PublicationOffer?> Next(FeedPosition position, TimeSpan wait, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        _polls.Enqueue(position);
        if (News(position) is { } news)
        {
            return news;
        }

        await _changed.Task.WaitAsync(wait, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        ThrowIfDown();
        return News(position);
    }

    public Task<byte[]?[]> GetChunks(string[] names, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        Fetches.Enqueue(names);
        return Task.FromResult(names.Select(name => Bodies.GetValueOrDefault(name)).ToArray());
    }

    public Task CatalogChanged(long version) => Task.CompletedTask;

    public Task<SignedManifest?> Current(CancellationToken cancellationToken) => Task.FromResult(_current);

    public Task<FeedStatus[]> Feeds(CancellationToken cancellationToken) => Task.FromResult(Array.Empty<FeedStatus>());

    public Task<PublicationStanding> Standing(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PublicationSummary[]> History(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<PublicationPart[]?> Parts(long number, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<PublicationId>> Rollback(long number, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RolloutStanding> Rollout(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<RolloutStanding>> SetRollout(RolloutRule? rule, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Result<RolloutStanding>> Promote(CancellationToken cancellationToken) => throw new NotSupportedException();

    private ChunkReference Put(ChunkKind kind, string id, byte[] plain)
    {
        var name = _codec.NameOf(plain);
        var body = Bodies.GetOrAdd(name, _ => _codec.Encode(name, plain));
        return new ChunkReference(kind, id, name, body.Length);
    }

    private PublicationOffer? News(FeedPosition position) =>
        _current is { } current && JsonSerializer.Deserialize(current.Payload, PublicationJson.Default.Manifest)!.Id is var id && id != position.Running && id != position.Rejected
            ? new PublicationOffer(current) { Bodies = [.. Along.Where(Bodies.ContainsKey).Select(name => new ChunkBody(name, Bodies[name]))] } : null;

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            Interlocked.Increment(ref _refusals);
            throw Fault;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
