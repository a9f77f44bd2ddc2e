using Gateway.Contracts.Publications;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Tests.Publications;

public sealed class ExpressionAbiTests : IAsyncLifetime
{
    private readonly FeedHarness _edge = new();

    public Task InitializeAsync() => _edge.StartAsync(Speaking(3, 2));

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Edge_SaysWhichAbisItSpeaks()
    {
        await _edge.UntilAsync(() => _edge.Silo.Polls > 0, "a poll");

        Assert.Equal([3, 2], _edge.Silo.LastPoll.ExpressionAbis);
    }

    [Theory]
    [InlineData(new[] { 4, 3 }, 3)]
    [InlineData(new[] { 3, 2 }, 3)]
    [InlineData(new[] { 2, 1 }, 2)]
    public async Task Edge_TakesTheProgramsOfTheBestAbiItSpeaks_AndNoOthers(int[] there, int expected)
    {
        await _edge.RunsAsync(_edge.Silo.PublishProgram(1, "k", there));

        var content = _edge.Sink.Applied.Last();
        Assert.Equal(expected, content.ExpressionAbi);
        Assert.Equal(expected, Assert.Single(content.Pages.SelectMany(page => page.Programs)).Value.Abi);
        Assert.DoesNotContain(_edge.Silo.PutProgram("k", there.Single(abi => abi != expected)).Name, _edge.Silo.Fetches.SelectMany(names => names));
    }

    [Fact]
    public async Task Publication_WithoutAnAbiOfTheEdge_IsRefusedWithThatReason()
    {
        var first = _edge.Silo.PublishProgram(1, "k", 3);
        await _edge.RunsAsync(first);
        _edge.Silo.PublishProgram(2, "k", 5, 4);

        await _edge.RejectsAsync(2);

        Assert.Equal("its expressions are compiled for ABI 5 and 4, this edge runs 3 and 2", _edge.Silo.LastPoll.RejectedBecause);
        Assert.Equal(first.Id, _edge.State.Running);
    }

    [Fact]
    public async Task Abi_ThatGoesAway_IsReplacedByTheOtherOfPagesThatDidNotChange()
    {
        await _edge.RunsAsync(_edge.Silo.PublishProgram(1, "k", 3, 2));
        await _edge.IsKeptAsync(_edge.Silo.PublishProgram(2, "k", 2));
        Assert.Equal(2, Assert.Single(_edge.Sink.Applied.Last().Pages.SelectMany(page => page.Programs)).Value.Abi);
        Assert.Equal("a", Assert.Single(FeedHarness.Apis(_edge.Sink.Applied.Last())).Id);
        var third = _edge.Silo.PublishProgram(3, "k", 3, 2);
        await _edge.IsKeptAsync(third);

        await _edge.StopAsync();
        _edge.Silo.IsDown = true;
        await _edge.StartAsync(Speaking(3, 2));

        await _edge.RunsAsync(third);
        Assert.Equal(3, Assert.Single(_edge.Sink.Applied.Last().Pages.SelectMany(page => page.Programs)).Value.Abi);
    }

    [Fact]
    public async Task Backup_OfAnAbiThatThisVersionDoesNotRun_IsRefusedWithThatReason()
    {
        await _edge.IsKeptAsync(_edge.Silo.PublishProgram(1, "k", 3));
        await _edge.StopAsync();
        _edge.Silo.IsDown = true;

        await _edge.StartAsync(Speaking(4));

        await _edge.UntilAsync(() => _edge.Reasons.Any(reason => reason.Contains("its expressions are compiled for ABI 3, this edge runs 4", StringComparison.Ordinal)), "the reason");
        Assert.Null(_edge.State.Running);
    }

    [Fact]
    public async Task Program_UnderTheIdOfAnother_RejectsThePublication()
    {
        var manifest = _edge.Silo.PublishProgram(1, "k", 3);
        await _edge.RunsAsync(manifest);
        var id = ProgramChunk.Id("other", 3);
        var page = _edge.Silo.PutPage(IndexPage.Of(ChunkKind.Program, id), _edge.Silo.PutProgram("k", 3) with { Id = id });
        _edge.Silo.Offer(_edge.Silo.Sign(manifest with { Number = 2, Chunks = [manifest.Chunks[0], page] }));

        await _edge.RejectsAsync(2);

        Assert.Contains("holds the program 'k.3'", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
    }

    private static Func<PublicationFeedOptions, PublicationFeedOptions> Speaking(params int[] abis) => options => options with { ExpressionAbis = abis };
}
