using System.Diagnostics;
using Gateway.Contracts.Publications;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Publications;

public sealed class PublicationGrainTests : IAsyncLifetime
{
    // So rarely that only the catalog's notice can be what woke a poll.
    private static readonly TimeSpan _never = TimeSpan.FromHours(1);

    private PublicationCluster _site = null!;

    public async Task InitializeAsync() => _site = await PublicationCluster.StartAsync(_never);

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Silos_Started_HavePublicationOneOfAnEmptyCatalog() => Assert.Equal(1, (await _site.CurrentAsync()).Number);

    [Fact]
    public async Task Change_WakesAParkedPollAtOnce()
    {
        var position = new FeedPosition { Node = "edge", Running = (await _site.CurrentAsync()).Id };
        var parked = _site.Publications().Next(position, TimeSpan.FromSeconds(4), CancellationToken.None);
        await ParkedAsync("edge");
        Assert.False(parked.IsCompleted);

        await _site.CommitAsync(Api("a"));
        var watch = Stopwatch.StartNew();
        var news = await parked;

        Assert.NotNull(news);
        Assert.Equal(["service", "a"], await _site.PartIdsAsync(PublicationCluster.Read(news.Signed)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"woken {watch.Elapsed} after the commit, not by the end of the wait");
    }

    [Fact]
    public async Task Poll_WithoutNews_EndsWithNothingAfterItsWait()
    {
        var position = new FeedPosition { Node = "edge", Running = (await _site.CurrentAsync()).Id };

        Assert.Null(await _site.Publications().Next(position, TimeSpan.FromMilliseconds(50), CancellationToken.None));
        Assert.Null(await _site.Publications().Next(position, TimeSpan.FromSeconds(-1), CancellationToken.None));
    }

    [Fact]
    public async Task Poll_IsTheAcknowledgement()
    {
        var current = await _site.CurrentAsync();
        await _site.Publications().Next(new FeedPosition { Node = "one", Running = current.Id }, TimeSpan.Zero, CancellationToken.None);
        await _site.Publications().Next(
            new FeedPosition { Node = "two", Rejected = current.Id, RejectedBecause = "it is odd", ExpressionAbis = [3] }, TimeSpan.Zero, CancellationToken.None);

        var feeds = await _site.Publications().Feeds(CancellationToken.None);

        Assert.Equal(["one", "two"], feeds.Select(feed => feed.Position.Node));
        Assert.Equal(current.Id, feeds[0].Position.Running);
        Assert.Equal("it is odd", feeds[1].Position.RejectedBecause);
        Assert.Equal([3], feeds[1].Position.ExpressionAbis);
    }

    [Fact]
    public async Task Rejected_IsNotSentAgainUntilANewerOneExists()
    {
        var first = await _site.CurrentAsync();
        var position = new FeedPosition { Node = "edge", Rejected = first.Id, RejectedBecause = "no" };
        Assert.Null(await _site.Publications().Next(position, TimeSpan.FromMilliseconds(50), CancellationToken.None));

        await _site.CommitAsync(Api("a"));

        Assert.True((await _site.NextAsync(position)).Number > first.Number);
    }

    [Fact]
    public async Task Edge_ThatWasAway_GetsTheNewestOnly()
    {
        var first = await _site.CurrentAsync();
        var position = new FeedPosition { Node = "watcher", Running = first.Id };
        foreach (var api in (string[])["a", "b", "c"])
        {
            await _site.CommitAsync(Api(api));
            position = position with { Running = (await _site.NextAsync(position)).Id };
        }

        var news = await _site.NextAsync(new FeedPosition { Node = "away", Running = first.Id });

        Assert.Equal(first.Number + 3, news.Number);
        Assert.Equal(["service", "a", "b", "c"], await _site.PartIdsAsync(news));
    }

    [Fact]
    public async Task ChangeSet_IsOnePublication()
    {
        var first = await _site.CurrentAsync();

        await _site.CommitAsync([.. Enumerable.Range(0, 50).Select(number => Api($"a{number}"))]);

        var news = await _site.NextAsync(new FeedPosition { Node = "edge", Running = first.Id });
        Assert.Equal(first.Number + 1, news.Number);
        Assert.Equal(51, (await _site.PartIdsAsync(news)).Length);
    }

    [Fact]
    public async Task Chunks_AreGivenInTheOrderAsked_NullForUnknownOnes()
    {
        await _site.CommitAsync(Api("a"));
        var manifest = await _site.NextAsync(new FeedPosition { Node = "edge", Running = new PublicationId("none", 1) });
        manifest = manifest.Chunks.Count == 2 ? manifest : await _site.NextAsync(new FeedPosition { Node = "edge", Running = manifest.Id });

        var bodies = await _site.Publications().GetChunks([manifest.Chunks[1].Name, "unknown", manifest.Chunks[0].Name], CancellationToken.None);

        Assert.Equal([manifest.Chunks[1].Length, null, manifest.Chunks[0].Length], bodies.Select(body => body?.Length));
    }

    [Fact]
    public async Task Gateway_Declared_GetsItsOwnPublication()
    {
        Assert.Null(await _site.Publications("branch").Next(new FeedPosition { Node = "edge" }, TimeSpan.FromMilliseconds(50), CancellationToken.None));

        await _site.CommitAsync(
            Put("/gateways/branch", """{"locationData":{"name":"Branch"}}"""), Api("a"), Api("b"), Put("/gateways/branch/apis/b", "{}"));

        var branch = await _site.NextAsync(new FeedPosition { Node = "edge" }, "branch");
        Assert.Equal(["service", "b"], await _site.PartIdsAsync(branch));
        Assert.Equal("branch", branch.Gateway);
    }

    [Fact]
    public async Task Poll_WithoutAName_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _site.Publications().Next(new FeedPosition { Node = "" }, TimeSpan.Zero, CancellationToken.None));

    [Fact]
    public async Task LostNotice_IsFoundByLooking()
    {
        await using var site = await PublicationCluster.StartAsync(TimeSpan.FromMilliseconds(100), losesNotices: true);
        var first = await site.CurrentAsync();

        await site.CommitAsync(Api("a"));

        Assert.Equal(first.Number + 1, (await site.NextAsync(new FeedPosition { Node = "edge", Running = first.Id })).Number);
    }

    [Fact]
    public async Task Poll_OfAnEdgeThatRunsAKeptPublication_BringsWhatItLacks()
    {
        await _site.CommitAsync([.. Enumerable.Range(0, 100).Select(number => Api($"a{number}"))]);
        var running = await _site.NextAsync(new FeedPosition { Node = "edge", Running = new PublicationId("none", 1) });
        running = (await _site.PartIdsAsync(running)).Length == 101 ? running : await _site.NextAsync(new FeedPosition { Node = "edge", Running = running.Id });
        var poll = _site.Publications().Next(new FeedPosition { Node = "edge", Running = running.Id }, TimeSpan.FromSeconds(4), CancellationToken.None);

        await _site.CommitAsync(Api("new"));

        var offer = (await poll)!;
        var now = PublicationCluster.Read(offer.Signed);
        var expected = now.Chunks.Except(running.Chunks).Concat((await _site.PartsAsync(now)).Except(await _site.PartsAsync(running))).Select(chunk => chunk.Name).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(expected, offer.Bodies.Select(body => body.Name).Order(StringComparer.Ordinal));
        Assert.Equal(await _site.Publications().GetChunks([.. offer.Bodies.Select(body => body.Name)], CancellationToken.None), offer.Bodies.Select(body => body.Body));

        var fresh = (await _site.Publications().Next(new FeedPosition { Node = "fresh" }, TimeSpan.Zero, CancellationToken.None))!;
        Assert.Empty(fresh.Bodies);
    }

    [Fact]
    public async Task Changes_WhileAPublicationIsStored_FollowItAtOnce()
    {
        var (arrived, released) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        var isShut = false;
        await using var site = await PublicationCluster.StartAsync(_never, gate: async () =>
        {
            if (Volatile.Read(ref isShut))
            {
                arrived.Release();
                Assert.True(await released.WaitAsync(TimeSpan.FromSeconds(30)));
            }
        });
        var first = await site.CurrentAsync();
        Volatile.Write(ref isShut, true);
        await site.CommitAsync(Api("a"));
        Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(30)));

        // Their notices arrive while the publication of the first is stored; nothing else would ever bring them.
        await site.CommitAsync(Api("b"));
        await site.CommitAsync(Api("c"));
        Volatile.Write(ref isShut, false);
        released.Release(10);

        var second = await site.NextAsync(new FeedPosition { Node = "edge", Running = first.Id });
        var last = (await site.PartIdsAsync(second)).Contains("c") ? second : await site.NextAsync(new FeedPosition { Node = "edge", Running = second.Id });
        Assert.Equal(["service", "a", "b", "c"], await site.PartIdsAsync(last));
    }

    [Fact]
    public async Task Programs_ThatAreBeingCompiled_HoldUpNoPollAndNoFetch()
    {
        using var begun = new SemaphoreSlim(0);
        using var released = new SemaphoreSlim(0);
        var compiler = new Programs.FakeCompiler
        {
            Meanwhile = () =>
            {
                begun.Release();
                Assert.True(released.Wait(TimeSpan.FromSeconds(60)));
            },
        };
        await using var site = await PublicationCluster.StartAsync(TimeSpan.FromMilliseconds(100), trees: new Programs.FakeTrees(), compilers: [compiler]);
        var first = await site.CurrentAsync();
        await site.CommitUncheckedAsync([.. Projection.Records.Api("a"), Projection.Records.Put("/apis/a/policies/policy", """{"format":"rawxml","value":"@(x)"}""")]);
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(30)));

        var position = new FeedPosition { Node = "edge", Running = first.Id, ExpressionAbis = [1] };
        for (var poll = 0; poll < 20; poll++)
        {
            Assert.Null(await site.Publications().Next(position, TimeSpan.Zero, CancellationToken.None));
            Assert.NotNull((await site.Publications().GetChunks([first.Chunks[0].Name], CancellationToken.None))[0]);
        }

        released.Release();
        Assert.Equal([1], (await site.NextAsync(position)).ExpressionAbis);
    }

    private async Task ParkedAsync(string node)
    {
        var watch = Stopwatch.StartNew();
        while (!(await _site.Publications().Feeds(CancellationToken.None)).Any(feed => feed.Position.Node == node))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"the poll of {node} did not arrive");
        }
    }
}
