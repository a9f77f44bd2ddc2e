using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Federation;
using Gateway.Grains.Publications;
using Gateway.Grains.Tests.Publications;
using Gateway.Grains.Tests.Publications.Programs;

namespace Gateway.Grains.Tests.Federation;

/// <summary>A federated site without silos: its store, its puller, and the publisher of its edges.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private const string Key = "a key that signs tokens, of 32 characters and more";

    private readonly PublisherHarness _services;

    private TestSite(PublisherHarness services, Publisher publisher) => (_services, Puller, Publisher) = (services, services.Puller(), publisher);

    public PublisherHarness Services => _services;

    public HubPuller Puller { get; private set; }

    public Publisher Publisher { get; private set; }

    public static async Task<TestSite> StartAsync(Uri hub, FakeCompiler? compiler = null, string gateway = "managed", byte[]? publicKey = null, TimeSpan? patience = null, TimeProvider? time = null)
    {
        var services = await PublisherHarness.StartAsync("garnet", compiler: compiler, upstream: Options(hub, publicKey, patience), time: time);
        return new TestSite(services, await services.PublisherAsync(gateway));
    }

    /// <summary>Asks the hub until it gave a good answer, and publishes what came.</summary>
    public async Task<bool> PullAsync(CancellationToken cancellationToken = default)
    {
        var isNew = await Puller.PullAsync(cancellationToken);
        return await Publisher.RefreshAsync() && isNew;
    }

    /// <summary>Asks for a while that is long enough for some tries; gives what went wrong with the last.</summary>
    public async Task<string> PullInVainAsync(string expected)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var pulling = Puller.PullAsync(bound.Token);
        while (Puller.Status.Fault?.Contains(expected, StringComparison.Ordinal) != true && !bound.IsCancellationRequested)
        {
            await Task.Delay(20);
        }

        Assert.False(pulling.IsCompletedSuccessfully);
        await bound.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling);
        await Publisher.RefreshAsync();
        Assert.Contains(expected, Puller.Status.Fault, StringComparison.Ordinal);
        Assert.False(Puller.Status.IsConnected);
        return Puller.Status.Fault!;
    }

    /// <summary>All silos of the site start again.</summary>
    public async Task RestartAsync()
    {
        Puller.Dispose();
        Publisher.Dispose();
        Puller = _services.Puller();
        Publisher = await _services.PublisherAsync();
        await Publisher.RefreshAsync();
    }

    /// <summary>The APIs that edges get.</summary>
    public string[] Apis => [.. (Publisher.State?.Index.Parts ?? []).Where(part => part.Kind == ChunkKind.Api).Select(part => part.Id).Order(StringComparer.Ordinal)];

    /// <summary>A chunk that edges get, as they read it.</summary>
    public async Task<T> ReadAsync<T>(ChunkKind kind, string id, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        var chunk = Publisher.State!.Index.Parts.Single(part => part.Kind == kind && part.Id == id);
        return _services.Read((await Publisher.Bodies.GetAsync([chunk.Name]))[0]!, chunk.Name, type);
    }

    public async ValueTask DisposeAsync()
    {
        Puller.Dispose();
        Publisher.Dispose();
        await _services.DisposeAsync();
    }

    private static UpstreamOptions Options(Uri hub, byte[]? publicKey, TimeSpan? patience) => new()
    {
        Endpoint = hub,
        Token = Token,
        Connection = () => new SocketsHttpHandler { AllowAutoRedirect = false },
        Node = "silo-1",
        PublicKey = publicKey,
        PollPeriod = TimeSpan.FromSeconds(1),
        RetryDelay = TimeSpan.FromMilliseconds(20),
        AnswerPatience = patience ?? TimeSpan.FromSeconds(10),
        ChunkPatience = patience ?? TimeSpan.FromSeconds(10),
    };

    private static Result<PresentToken> Token()
    {
        var text = GatewayToken.Issue(FakeHub.Gateway, Key, TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));
        return new PresentToken(text, GatewayToken.Parse(text).Value!);
    }
}
