using System.Diagnostics;
using Gateway.Contracts.Publications;
using Microsoft.AspNetCore.Http;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Federation;

/// <summary>Whatever a hub does wrong: the site keeps what it has, says why, and goes on by itself when the hub is well again.</summary>
public sealed class MisbehavingHubTests
{
    [Fact]
    public Task Garbage_ForAManifest_IsRefused() => RefusedAsync(Answers.Bytes("manifest", "<html>not found</html>"u8.ToArray()), "is no signed manifest");

    [Fact]
    public Task Nothing_ForAManifest_IsRefused() => RefusedAsync(Answers.Bytes("manifest", []), "is no signed manifest");

    [Fact]
    public Task Garbage_ForChunks_IsRefused() => RefusedAsync(Answers.Bytes("chunks", "garbage"u8.ToArray()), "bytes of a chunk that has");

    [Fact]
    public Task HalfOfAChunk_IsRefused() => RefusedAsync(Answers.Half("chunks"), "broke off its answer");

    [Fact]
    public Task HalfOfAManifest_IsRefused() => RefusedAsync(Answers.Half("manifest"), "broke off its answer");

    [Fact]
    public Task EndlessChunk_IsCutOff() => RefusedAsync(Answers.Endless("chunks"), "is longer than the");

    [Fact]
    public Task EndlessManifest_IsCutOff() => RefusedAsync(Answers.Endless("manifest"), "is longer than the");

    [Fact]
    public Task InternalErrors_AreTold() => RefusedAsync(Answers.Status(500), "answered 500");

    [Fact]
    public Task RedirectElsewhere_IsNotFollowed() => RefusedAsync(Answers.Redirect("http://127.0.0.1:1/elsewhere"), "answers with a redirect to 'http://127.0.0.1:1/elsewhere', which is not followed");

    [Fact]
    public Task SilentHub_IsGivenUp() => RefusedAsync(Answers.Silence, "did not answer within 1 s", TimeSpan.FromSeconds(1));

    [Fact]
    public Task NotModified_ForNothing_IsRefused() => RefusedAsync(context =>
    {
        context.Response.StatusCode = 304;
        return Task.FromResult(string.IsNullOrEmpty(context.Request.Headers.IfNoneMatch));
    }, "though the site has nothing yet", isFirst: true);

    [Fact]
    public async Task ContentOfAnotherChunk_IsRefused()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();
        var before = site.Publisher.State;
        await hub.CommitAsync(Put("/apis/orders", """{"displayName":"Orders","path":"changed"}"""));
        hub.Instead = async context =>
        {
            if (!context.Request.Path.Value!.Contains("chunks", StringComparison.Ordinal))
            {
                return false;
            }

            // As long as announced, and compressed well; only the content is another.
            var name = context.Request.Path.Value[(context.Request.Path.Value.LastIndexOf('/') + 1)..];
            var chunk = hub.State.Manifest.Chunks.Concat(hub.State.Index.Parts).Single(part => part.Name == name);
            var other = Packed(chunk.Length - Contracts.Secrets.SecretBox.Overhead);
            await context.Response.Body.WriteAsync(other);
            return true;
        };

        await site.PullInVainAsync("has another content than its name says");

        Assert.Same(before, site.Publisher.State);
        hub.Instead = null;
        Assert.True(await site.PullAsync());
        Assert.Equal("changed", (await site.ReadAsync(ChunkKind.Api, "orders", PublicationJson.Default.ApiChunk)).Path);
    }

    [Fact]
    public async Task TooManyRequests_AreAnsweredByThePauseThatTheHubAsksFor()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address);
        var refused = 0;
        hub.Instead = context => Interlocked.Increment(ref refused) == 1 ? Answers.Status(429, retryAfter: 2)(context) : Task.FromResult(false);
        var watch = Stopwatch.StartNew();

        Assert.True(await site.PullAsync());

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(20));
        Assert.Equal(1, hub.Asked.ToArray().TakeWhile(path => path == "manifest").Count() - 1);
    }

    [Theory]
    [InlineData(-9)]
    [InlineData(9)]
    public async Task ClockThatIsOffByHours_ChangesNothing(int hours)
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address, time: new OtherClock(TimeSpan.FromHours(hours)));

        Assert.True(await site.PullAsync());
        await hub.CommitAsync([.. Api("invoices", gateway: FakeHub.Gateway)]);
        Assert.True(await site.PullAsync());

        Assert.Equal(["invoices", "orders"], site.Apis);
        Assert.True(site.Puller.Status is { IsConnected: true, Fault: null });
    }

    [Fact]
    public async Task OlderManifest_IsRefused()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address);
        var older = SignedManifestFormat.Write(hub.State.Signed);
        await hub.CommitAsync([.. Api("invoices", gateway: FakeHub.Gateway)]);
        await site.PullAsync();
        var before = site.Publisher.State;
        hub.Instead = Answers.Bytes("manifest", older);

        await site.PullInVainAsync("is not newer than");
        await site.RestartAsync();
        await site.PullInVainAsync("is not newer than");

        Assert.Equal(before!.Manifest.Id, site.Publisher.State!.Manifest.Id);
        Assert.Equal(["invoices", "orders"], site.Apis);
    }

    [Fact]
    public async Task ManifestOfAnotherKey_IsRefusedUntilTheSiteIsToldToTakeIt()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var stranger = await FakeHub.StartAsync();
        await stranger.CommitAsync([.. Api("malice", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();
        hub.Instead = Answers.Bytes("manifest", SignedManifestFormat.Write(stranger.State.Signed));

        await site.PullInVainAsync("this site trusts key");
        Assert.Equal(["orders"], site.Apis);

        site.Puller.Reset();
        await site.PullInVainAsync("answered 404");
        hub.Instead = async context =>
        {
            using var http = new HttpClient(new SocketsHttpHandler());
            using var answer = await http.GetAsync(new Uri(stranger.Address, context.Request.Path.Value));
            context.Response.StatusCode = (int)answer.StatusCode;
            await answer.Content.CopyToAsync(context.Response.Body);
            return true;
        };
        Assert.True(await site.PullAsync());
        Assert.Equal(["malice"], site.Apis);
    }

    [Fact]
    public async Task ManifestOfAnotherKeyThanTheConfiguredOne_IsRefused()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var other = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await other.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address, publicKey: other.State.Signed.PublicKey);

        await site.PullInVainAsync("that of Gateway:Upstream:PublicKeyFile");

        Assert.Null(site.Publisher.State);
    }

    [Fact]
    public async Task FetchThatBrokeOff_GoesOnWhereItEnded()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Enumerable.Range(0, 40).SelectMany(i => Api($"api-{i}", gateway: FakeHub.Gateway))]);
        await using var site = await TestSite.StartAsync(hub.Address);
        var all = hub.State.Manifest.Chunks.Count + 40;
        var served = 0;
        hub.Instead = context => context.Request.Path.Value!.Contains("chunks", StringComparison.Ordinal) && Interlocked.Increment(ref served) > all - 10
            ? Answers.Status(500)(context)
            : Task.FromResult(false);
        await site.PullInVainAsync("answered 500");
        hub.Instead = null;
        hub.Asked.Clear();

        Assert.True(await site.PullAsync());

        Assert.Equal(40, site.Apis.Length);
        Assert.InRange(hub.Asked.Count(path => path.StartsWith("chunks/", StringComparison.Ordinal)), 1, all / 2);
    }

    // A hub that was well, then is not, then is again; or, first, one that never was.
    private static async Task RefusedAsync(Func<HttpContext, Task<bool>> instead, string fault, TimeSpan? patience = null, bool isFirst = false)
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address, patience: patience);
        if (!isFirst)
        {
            await site.PullAsync();
            await hub.CommitAsync([.. Api("invoices", gateway: FakeHub.Gateway)]);
        }

        var before = site.Publisher.State;
        hub.Instead = instead;

        await site.PullInVainAsync(fault);

        Assert.Same(before, site.Publisher.State);
        hub.Instead = null;
        Assert.True(await site.PullAsync());
        Assert.Contains("orders", site.Apis);
        Assert.True(site.Puller.Status is { IsConnected: true, Fault: null });
    }

    /// <summary>A clock that runs well and shows another time.</summary>
    private sealed class OtherClock(TimeSpan off) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + off;
    }

    private static byte[] Packed(int length)
    {
        // Random bytes do not compress, so some size of them is packed as long as wanted.
        for (var size = Math.Max(1, length - 64); ; size++)
        {
            var plain = new byte[size];
            new Random(1).NextBytes(plain);
            var packed = new byte[size + 1024];
            Assert.True(System.IO.Compression.BrotliEncoder.TryCompress(plain, packed, out var written, 4, 22));
            if (written >= length)
            {
                Assert.Equal(length, written);
                return packed[..length];
            }
        }
    }
}
