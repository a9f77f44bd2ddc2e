using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Edge.Peers;
using Gateway.Edge.Tests.Publications;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Tls;
using Gateway.Testing.Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Edge.Tests.Peers;

/// <summary>Edges of one site with certificates: one that runs, and one that starts with nothing while no silo answers.</summary>
public sealed class PeerStartTests : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new("another CA");
    private readonly string _folder = Directory.CreateTempSubdirectory("peers").FullName;
    private readonly FeedHarness _running = new();
    private readonly FeedHarness _fresh;

    public PeerStartTests() => _fresh = new FeedHarness(_running);

    public Task InitializeAsync()
    {
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), _authority.Pem);
        _fresh.Silo.IsDown = true;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _fresh.DisposeAsync();
        await _running.DisposeAsync();
        _authority.Dispose();
        _stranger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Edge_WithNothing_StartsFromAPeer_WithOrWithoutABackup_AndFollowsTheSilosLater(bool peerHasBackup)
    {
        var port = await ServeAsync(_running, peerHasBackup);
        await RunAsync(_running, 1, FeedHarness.Api("a"));
        var second = await RunAsync(_running, 2, FeedHarness.Api("a"), FeedHarness.Api("b"));

        await StartAsync(port);

        await _fresh.RunsAsync(second);
        Assert.Equal(["a", "b"], FeedHarness.Apis(Assert.Single(_fresh.Sink.Applied)).Select(api => api.Id));
        Assert.Empty(_fresh.Reasons);
        Assert.Contains("is from a peer; no silo has confirmed it yet", Assert.Single(_fresh.Status.Describe(Report()).Remarks), StringComparison.Ordinal);

        // Kept like one from a silo: it is what the next start finds, and nothing older is taken any more.
        await _fresh.IsKeptAsync(second);
        Assert.Equal($"{second.Id}", (await File.ReadAllTextAsync(_fresh.In("publication-seen"))).Trim());
        _fresh.Silo.IsDown = false;
        await _fresh.RunsAsync(_fresh.Silo.Publish(3, FeedHarness.Api("c")));
    }

    [Fact]
    public async Task Edge_AsksAllPeers_AndTakesTheNewest()
    {
        await using var other = new FeedHarness(_running);
        var behind = await ServeAsync(other);
        await RunAsync(other, 1, FeedHarness.Api("a"));
        var ahead = await ServeAsync(_running);
        var second = await RunAsync(_running, 2, FeedHarness.Api("b"));

        await StartAsync(behind, ahead);

        await _fresh.RunsAsync(second);
        Assert.Single(_fresh.Sink.Applied);
    }

    [Fact]
    public async Task Peer_WhoseChunksAreAltered_IsNotUsed_AndTheSilosOfferTheSameAfterwards()
    {
        var port = await ServeAsync(_running);
        var first = await RunAsync(_running, 1, FeedHarness.Api("a"));
        _running.Silo.Bodies[_running.Silo.Put(FeedHarness.Api("a")).Name][^1] ^= 4;

        await StartAsync(port);

        await ReasonAsync("no peer helps: 127.0.0.1:");
        await ReasonAsync("chunk Api 'a'");
        Assert.Null(_fresh.State.Running);
        _fresh.Silo.Publish(1, FeedHarness.Api("a"));
        _fresh.Silo.IsDown = false;
        await _fresh.RunsAsync(first);
    }

    [Fact]
    public async Task Peer_WithSomethingOlderThanWhatRanHere_IsNotUsed()
    {
        var port = await ServeAsync(_running);
        await RunAsync(_running, 3, FeedHarness.Api("a"));
        await File.WriteAllTextAsync(_fresh.In("publication-seen"), "L/5\n");

        await StartAsync(port);

        await ReasonAsync("publication L/3 is not newer than L/5, which was seen before");
        Assert.Null(_fresh.State.Running);
    }

    [Fact]
    public async Task Peer_OfAnotherSigner_IsNotUsed()
    {
        await using var other = new FeedHarness();
        var port = await ServeAsync(other);
        await RunAsync(other, 9, FeedHarness.Api("a"));
        await File.WriteAllTextAsync(_fresh.In("publication-key.pem"), System.Security.Cryptography.PemEncoding.WriteString("PUBLIC KEY", _running.Signer.PublicKey));

        await StartAsync(port);

        await ReasonAsync("this edge trusts key");
        Assert.Null(_fresh.State.Running);
    }

    [Fact]
    public async Task Peer_ThatRunsNothing_OrIsNotThere_IsSaidAndAskedAgain()
    {
        var port = await ServeAsync(_running);
        await StartAsync(port);
        await ReasonAsync("no peer runs anything");

        await _fresh.RunsAsync(await RunAsync(_running, 1, FeedHarness.Api("a")));
    }

    [Fact]
    public async Task Peer_ThatGivesAPublicationTooSlowly_IsGivenUp()
    {
        var port = await ServeAsync(_running);
        await RunAsync(_running, 1, FeedHarness.Api("a"));

        await StartAsync(_authority, options => options with { FetchPatience = TimeSpan.Zero }, port);

        await ReasonAsync("it does not answer in time");
        Assert.Null(_fresh.State.Running);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stranger_OnEitherSide_GetsNothing(bool isStrangerRunning)
    {
        var port = await ServeAsync(_running, certificate: isStrangerRunning ? _stranger : _authority);
        await RunAsync(_running, 1, FeedHarness.Api("a"));

        await StartAsync(isStrangerRunning ? _authority : _stranger, port);

        await ReasonAsync("no peer helps: 127.0.0.1:");
        Assert.Null(_fresh.State.Running);
    }

    [Fact]
    public void Settings_WithoutCertificates_EndTheProcessAndNameThem()
    {
        var refused = Assert.Throws<ExitException>(() => new ServiceCollection().AddPeers(PeerOptions.From(new EdgeSettings { Peers = ["edge-1"] }), null));

        Assert.Equal(ExitCodes.Setting, refused.Code);
        Assert.Contains("Gateway:Edge:Peers and Gateway:Edge:PeerPort need Gateway:ClusterTls:CertificatePath", refused.Message, StringComparison.Ordinal);
    }

    private Task StartAsync(params int[] peers) => StartAsync(_authority, peers);

    private Task StartAsync(TestAuthority certificate, params int[] peers) => StartAsync(certificate, options => options, peers);

    private Task StartAsync(TestAuthority certificate, Func<PeerOptions, PeerOptions> change, params int[] peers)
    {
        var settings = new EdgeSettings { Peers = [.. peers.Select(port => $"127.0.0.1:{port}")] };
        _fresh.More = services => services.AddPeers(change(PeerOptions.From(settings) with { Patience = TimeSpan.FromSeconds(20) }), Certificates("fresh", certificate));
        return _fresh.StartAsync(options => options with { BackupPath = null });
    }

    private async Task<int> ServeAsync(FeedHarness edge, bool hasBackup = false, TestAuthority? certificate = null)
    {
        edge.More = services => services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddPeers(PeerOptions.From(new EdgeSettings { PeerPort = 0, BindAddress = "127.0.0.1" }), Certificates("running", certificate ?? _authority));
        await edge.StartAsync(options => hasBackup ? options : options with { BackupPath = null });
        return edge.Service<PeerServer>().Address.Port;
    }

    // Edges have certificates for clients.
    private ClusterCertificates Certificates(string name, TestAuthority authority)
    {
        var file = Path.Combine(_folder, $"{name}.pem");
        File.WriteAllText(file, authority.Give(name, isServer: false));
        return ClusterCertificates.Load(
            new ClusterTlsSettings { CertificatePath = file, CaPath = Path.Combine(_folder, "ca.pem") }, TimeProvider.System, NullLogger.Instance)!;
    }

    private static async Task<Manifest> RunAsync(FeedHarness edge, long number, params ApiChunk[] apis)
    {
        var manifest = edge.Silo.Publish(number, apis);
        await edge.RunsAsync(manifest);
        await edge.IsKeptAsync(manifest);
        return manifest;
    }

    private Task ReasonAsync(string expected) =>
        _fresh.UntilAsync(() => _fresh.Reasons.Any(reason => reason.Contains(expected, StringComparison.Ordinal)), expected);

    private static NodeReport Report() => new()
    {
        Name = "edge-1", Role = NodeRole.Edge, Gateway = "managed", Version = "1", State = NodeState.Ready, StartedAt = DateTimeOffset.UnixEpoch,
    };
}
