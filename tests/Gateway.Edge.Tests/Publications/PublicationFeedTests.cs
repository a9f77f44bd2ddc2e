using System.Text;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Edge.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Edge.Tests.Publications;

public sealed class PublicationFeedTests : IAsyncLifetime
{
    private readonly FeedHarness _edge = new();

    public Task InitializeAsync() => _edge.StartAsync();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Publication_WhenOffered_ComesIntoForceAndIsAcknowledged()
    {
        var first = _edge.Silo.Publish(1, FeedHarness.Api("orders"));

        await _edge.RunsAsync(first);

        await _edge.UntilAsync(() => _edge.Silo.LastPoll.Running == first.Id, "the next poll says what runs");
        Assert.Equal("edge-1", _edge.Silo.LastPoll.Node);
        Assert.Equal("orders", Assert.Single(FeedHarness.Apis(Assert.Single(_edge.Sink.Applied))).Value.Path);
        Assert.Empty(_edge.Reasons);
    }

    [Fact]
    public async Task Edge_ThatRejectedAPublication_LagsUntilItTakesAnother_AndReportsBoth()
    {
        var first = _edge.Silo.Publish(1, FeedHarness.Api("a"));
        await _edge.RunsAsync(first);
        await _edge.UntilAsync(() => _edge.State.Lag == TimeSpan.Zero, "nothing newer is known");
        _edge.Sink.Answer = content => content.Manifest.Number == 2 ? new GatewayError(ErrorKind.ValidationError, "no such backend") : content.Manifest.Id;
        _edge.Silo.Publish(2, FeedHarness.Api("b"));
        await _edge.RejectsAsync(2);

        var behind = _edge.Status.Describe(Report());
        Assert.True(_edge.State.Lag > TimeSpan.Zero);
        Assert.Equal((first.Id, 2L, "no such backend"), (behind.Publication, behind.Rejected?.Number, behind.RejectedBecause));
        Assert.NotNull(behind.PublicationSince);

        await _edge.RunsAsync(_edge.Silo.Publish(3, FeedHarness.Api("c")));
        Assert.Equal(TimeSpan.Zero, _edge.State.Lag);
        Assert.Null(_edge.Status.Describe(Report()).Rejected);
    }

    [Fact]
    public async Task Poll_SaysTheLabels_AndWhatWasAnsweredSinceWhatRunsCameIntoForce()
    {
        var statistics = new EdgeStatistics();
        await _edge.StopAsync();
        _edge.More = services => services.AddSingleton(statistics);
        await _edge.StartAsync(options => options with { Labels = new() { ["ring"] = "canary" } });
        await _edge.RunsAsync(_edge.Silo.Publish(1));
        Answer(statistics, 200);
        Answer(statistics, 503);
        await _edge.UntilAsync(() => _edge.Silo.LastPoll is { Requests: 2, Errors: 1 }, "two answers are told, one of them an error");
        Assert.Equal("canary", _edge.Silo.LastPoll.Labels["ring"]);

        await _edge.RunsAsync(_edge.Silo.Publish(2));
        Answer(statistics, 502);

        await _edge.UntilAsync(() => _edge.Silo.LastPoll is { Running.Number: 2, Requests: 1, Errors: 1 }, "what was answered before does not count");
    }

    private static void Answer(EdgeStatistics statistics, int status) => statistics.Count(new RequestRecord
    {
        Timestamp = default, Duration = TimeSpan.Zero, RequestId = Guid.Empty, Method = "GET", Target = "/", Path = .., Status = status,
    });

    [Fact]
    public async Task Edge_BeforeTheFirstPublication_IsNotReadyAndSaysWhy()
    {
        await _edge.UntilAsync(() => _edge.Silo.Polls > 0 && _edge.Reasons.Any(reason => reason.Contains("managed", StringComparison.Ordinal)), "the reason names the gateway");

        Assert.Contains("No publication is in force yet, because the silos have none for gateway 'managed'", Assert.Single(_edge.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publication_ThatChangesOneApi_FetchesOnePageAndOneChunkAndKeepsTheOthersAsTheyAre()
    {
        await _edge.RunsAsync(_edge.Silo.Publish(1, FeedHarness.Api("a"), FeedHarness.Api("b"), FeedHarness.Api("c")));
        var before = _edge.Sink.Applied.Last();
        _edge.Silo.Fetches.Clear();

        await _edge.RunsAsync(_edge.Silo.Publish(2, FeedHarness.Api("a"), FeedHarness.Api("b", "changed"), FeedHarness.Api("c")));

        Assert.Equal([1, 1], _edge.Silo.Fetches.Select(names => names.Length));
        var after = _edge.Sink.Applied.Last();
        Assert.Same(FeedHarness.Apis(before)[0].Value, FeedHarness.Apis(after)[0].Value);
        Assert.NotSame(FeedHarness.Apis(before)[1].Value, FeedHarness.Apis(after)[1].Value);
        Assert.Same(FeedHarness.Apis(before)[2].Value, FeedHarness.Apis(after)[2].Value);
        Assert.Same(before.Service.Value, after.Service.Value);
        Assert.Equal(IndexPage.Count - 1, before.Pages.Zip(after.Pages).Count(page => ReferenceEquals(page.First, page.Second)));
    }

    [Fact]
    public async Task Bodies_ThatComeAlong_AreNotAskedFor_AndAreCheckedLikeOthers()
    {
        await _edge.RunsAsync(_edge.Silo.Publish(1, FeedHarness.Api("a")));
        _edge.Silo.Fetches.Clear();
        var changed = _edge.Silo.Put(FeedHarness.Api("a", "changed"));
        _edge.Silo.Along.Add(changed.Name);
        _edge.Silo.Along.Add(_edge.Silo.PutPage(IndexPage.Of(ChunkKind.Api, "a"), changed).Name);

        await _edge.RunsAsync(_edge.Silo.Publish(2, FeedHarness.Api("a", "changed")));

        Assert.Empty(_edge.Silo.Fetches);
        await _edge.IsKeptAsync(_edge.Silo.Publish(2, FeedHarness.Api("a", "changed")));
        var wrong = _edge.Silo.Put(FeedHarness.Api("a", "wrong"));
        _edge.Silo.Bodies[wrong.Name] = _edge.Silo.Bodies[changed.Name];
        _edge.Silo.Along.Add(wrong.Name);
        _edge.Silo.Publish(3, FeedHarness.Api("a", "wrong"));
        await _edge.RejectsAsync(3);
    }

    [Fact]
    public async Task Numbers_MayBeSkipped()
    {
        await _edge.RunsAsync(_edge.Silo.Publish(1));

        await _edge.RunsAsync(_edge.Silo.Publish(40));
    }

    [Fact]
    public async Task Chunk_Tampered_RejectsThePublicationUntilANewerOneComes()
    {
        var first = _edge.Silo.Publish(1, FeedHarness.Api("a"));
        await _edge.RunsAsync(first);
        var known = _edge.Silo.Bodies.Keys.ToHashSet();
        _edge.Silo.IsDown = true;
        var second = _edge.Silo.Publish(2, FeedHarness.Api("a", "changed"));
        var name = _edge.Silo.Put(FeedHarness.Api("a", "changed")).Name;
        Assert.DoesNotContain(name, known);
        var good = _edge.Silo.Bodies[name];
        _edge.Silo.Bodies[name] = [.. good[..^1], (byte)(good[^1] ^ 1)];
        _edge.Silo.IsDown = false;

        await _edge.RejectsAsync(2);

        Assert.Contains("'a'", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
        Assert.Equal(first.Id, _edge.State.Running);
        Assert.Single(_edge.Sink.Applied);
        Assert.Contains("rejected", Assert.Single(_edge.Status.Describe(Report()).Remarks), StringComparison.Ordinal);
        await _edge.RunsAsync(_edge.Silo.Publish(3, FeedHarness.Api("a", "good")));
        await _edge.UntilAsync(() => _edge.Silo.LastPoll is { Running.Number: 3, Rejected: null }, "the rejection is forgotten");
        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task Chunk_OfAnotherLength_RejectsThePublication()
    {
        var manifest = _edge.Silo.Publish(1, FeedHarness.Api("a"));
        await _edge.RunsAsync(manifest);
        _edge.Silo.IsDown = true;
        var other = _edge.Silo.Put(FeedHarness.Api("b"));
        var page = _edge.Silo.PutPage(IndexPage.Of(ChunkKind.Api, "b"), other with { Length = other.Length + 1 });
        _edge.Silo.Offer(_edge.Silo.Sign(manifest with { Number = 3, Chunks = [manifest.Chunks[0], page] }));
        _edge.Silo.IsDown = false;

        await _edge.RejectsAsync(3);

        Assert.Contains("bytes", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunk_UnderTheIdOfAnotherApi_RejectsThePublication()
    {
        var manifest = _edge.Silo.Publish(1, FeedHarness.Api("a"));
        await _edge.RunsAsync(manifest);
        var page = _edge.Silo.PutPage(IndexPage.Of(ChunkKind.Api, "b"), _edge.Silo.Put(FeedHarness.Api("a")) with { Id = "b" });
        _edge.Silo.Offer(_edge.Silo.Sign(manifest with { Number = 2, Chunks = [manifest.Chunks[0], page] }));

        await _edge.RejectsAsync(2);

        Assert.Contains("holds the API 'a'", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_UnderTheNumberOfAnother_RejectsThePublication()
    {
        var manifest = _edge.Silo.Publish(1, FeedHarness.Api("a"));
        await _edge.RunsAsync(manifest);
        var number = IndexPage.Number(manifest.Chunks[1].Id)!.Value;
        _edge.Silo.Offer(_edge.Silo.Sign(manifest with { Number = 2, Chunks = [manifest.Chunks[0], manifest.Chunks[1] with { Id = IndexPage.Id((number + 1) % IndexPage.Count) }] }));

        await _edge.RejectsAsync(2);

        Assert.Contains("belongs to another page", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publication_WithFewerApis_DropsThemAndKeepsNothingFetched()
    {
        await _edge.RunsAsync(_edge.Silo.Publish(1, FeedHarness.Api("a"), FeedHarness.Api("b")));
        await _edge.RunsAsync(_edge.Silo.Publish(2, FeedHarness.Api("a")));
        Assert.Equal(["a"], FeedHarness.Apis(_edge.Sink.Applied.Last()).Select(api => api.Id));
        _edge.Silo.Fetches.Clear();

        await _edge.RunsAsync(_edge.Silo.Publish(3, FeedHarness.Api("a"), FeedHarness.Api("b")));

        Assert.Equal(2, _edge.Silo.Fetches.Sum(names => names.Length));
    }

    [Fact]
    public async Task Manifest_Tampered_IsRejectedAndChangesNothing()
    {
        var first = _edge.Silo.Publish(1);
        await _edge.RunsAsync(first);
        var signed = _edge.Silo.Sign(first with { Number = 2 });
        _edge.Silo.Offer(signed with { Payload = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(signed.Payload).Replace("\"number\":2", "\"number\":9", StringComparison.Ordinal)) });

        await _edge.RejectsAsync(9);

        Assert.Contains("signature", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
        Assert.Equal(first.Id, _edge.State.Running);
    }

    [Fact]
    public async Task Manifest_ThatCannotEvenBeNamed_IsAskedForAgainUntilABetterOneComes()
    {
        await _edge.RunsAsync(_edge.Silo.Publish(1));
        var polls = _edge.Silo.Polls;
        _edge.Silo.Offer(_edge.Silo.Sign(_edge.Silo.Publish(2)) with { PublicKey = [1, 2, 3] });

        await _edge.UntilAsync(() => _edge.Silo.Polls > polls, "the feed goes on");
        await _edge.RunsAsync(_edge.Silo.Publish(3));
    }

    [Fact]
    public async Task Publication_OlderThanTheOneInForce_IsRejected()
    {
        var fifth = _edge.Silo.Publish(5);
        await _edge.RunsAsync(fifth);
        _edge.Silo.Publish(4);

        await _edge.RejectsAsync(4);

        Assert.Contains("not newer", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
        Assert.Equal(fifth.Id, _edge.State.Running);
    }

    [Fact]
    public async Task Publication_OfALineageThatContinuesOurs_IsTakenAndOursNeverAgain()
    {
        await _edge.RunsAsync(_edge.Silo.Publish("L", [], 5));
        await _edge.RunsAsync(_edge.Silo.Publish("M", ["L"], 1));
        _edge.Silo.Publish("L", [], 6);

        await _edge.RejectsAsync(6);
    }

    [Fact]
    public async Task Publication_OfAForeignLineage_IsRejected()
    {
        await _edge.RunsAsync(_edge.Silo.Publish("L", [], 5));
        _edge.Silo.Publish("X", ["Y"], 50);

        await _edge.RejectsAsync(50);

        Assert.Contains("does not continue", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publication_OfAnotherGateway_IsRejected()
    {
        var other = new FakeSilo(_edge.Key, _edge.Signer, "branch");
        other.Publish(1);
        _edge.Silo.Offer((await other.Current(CancellationToken.None))!);

        await _edge.RejectsAsync(1);

        Assert.Contains("'branch'", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_ThatCannotBeBuilt_KeepsTheOldOneAndIsReported()
    {
        var first = _edge.Silo.Publish(1);
        await _edge.RunsAsync(first);
        _edge.Sink.Answer = _ => new GatewayError(ErrorKind.ValidationError, "two APIs at one path.");
        _edge.Silo.Publish(2);
        await _edge.RejectsAsync(2);
        Assert.Equal("two APIs at one path", _edge.Silo.LastPoll.RejectedBecause);

        _edge.Sink.Answer = _ => throw new InvalidOperationException("bug with a secret");
        _edge.Silo.Publish(3);
        await _edge.RejectsAsync(3);

        Assert.Equal("building the model failed with InvalidOperationException", _edge.Silo.LastPoll.RejectedBecause);
        Assert.Equal(first.Id, _edge.State.Running);
    }

    [Fact]
    public async Task Chunk_GoneMeanwhile_IsNoRejection()
    {
        await _edge.RunsAsync(_edge.Silo.Publish(1));
        _edge.Silo.IsDown = true;
        _edge.Silo.Publish(2, FeedHarness.Api("a"));
        Assert.True(_edge.Silo.Bodies.TryRemove(_edge.Silo.Put(FeedHarness.Api("a")).Name, out _));
        _edge.Silo.Fetches.Clear();
        _edge.Silo.IsDown = false;

        // Asked for again and again, with pauses: the silos may find it.
        await _edge.UntilAsync(() => _edge.Silo.Fetches.Count > 2, "the chunk was asked for");

        await _edge.RunsAsync(_edge.Silo.Publish(3, FeedHarness.Api("b")));
        Assert.Null(_edge.State.Rejected);
    }

    public static TheoryData<Exception> Faults => [new TimeoutException(), new TaskCanceledException("by the silo"), new ArgumentException("no implementation known")];

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task Silos_Gone_LeavesThePublicationInForceAndIsNoticedWhenTheyAreBack(Exception fault)
    {
        var first = _edge.Silo.Publish(1);
        await _edge.RunsAsync(first);
        (_edge.Silo.Fault, _edge.Silo.IsDown) = (fault, true);
        var second = _edge.Silo.Publish(2);
        await _edge.UntilAsync(() => _edge.Silo.Refusals > 1, "polls go on");
        Assert.Equal(first.Id, _edge.State.Running);
        Assert.Empty(_edge.Reasons);

        _edge.Silo.IsDown = false;

        await _edge.RunsAsync(second);
    }

    private static NodeReport Report() => new()
    {
        Name = "edge-1", Role = NodeRole.Edge, Gateway = "managed", Version = "1", State = NodeState.Ready, StartedAt = DateTimeOffset.UnixEpoch,
    };
}
