using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Tests.Nodes;

public sealed class NodeGrainTests : IAsyncLifetime
{
    private NodeCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await NodeCluster.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Report_IsListed_AndAgesInSilence()
    {
        await _cluster.Node("n1").Report(Report("n1"));

        var listed = Assert.Single(await _cluster.ListAsync());
        Assert.Equal((NodeState.Ready, _cluster.Time.GetUtcNow()), (listed.Report.State, listed.LastSeen));

        _cluster.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(NodeState.Stale, Assert.Single(await _cluster.ListAsync()).Report.State);

        _cluster.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(NodeState.Gone, Assert.Single(await _cluster.ListAsync()).Report.State);

        _cluster.Time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await _cluster.ListAsync());
    }

    [Fact]
    public async Task Beat_OfAKnownNode_KeepsItAliveAndCarriesItsPublication()
    {
        var report = Report("n1");
        await _cluster.Node("n1").Report(report);
        _cluster.Time.Advance(TimeSpan.FromSeconds(9));

        Assert.False(await _cluster.Node("n1").Beat(new NodeBeat(report.StartedAt, NodeState.Draining, new PublicationId("L", 3))));
        _cluster.Time.Advance(TimeSpan.FromSeconds(9));

        var listed = Assert.Single(await _cluster.ListAsync());
        Assert.Equal((NodeState.Draining, new PublicationId("L", 3)), (listed.Report.State, listed.Report.Publication));
        Assert.Equal(listed.LastSeen, (await _cluster.Node("n1").Get())!.LastSeen);
    }

    [Fact]
    public async Task Beat_OfAnUnknownOrNewProcess_AsksForAReport()
    {
        Assert.True(await _cluster.Node("n1").Beat(new NodeBeat(_cluster.Time.GetUtcNow(), NodeState.Ready, null)));

        await _cluster.Node("n1").Report(Report("n1"));
        Assert.True(await _cluster.Node("n1").Beat(new NodeBeat(_cluster.Time.GetUtcNow().AddSeconds(1), NodeState.Ready, null)));
        Assert.False(await _cluster.Node("n1").Beat(new NodeBeat(_cluster.Time.GetUtcNow().AddSeconds(-1), NodeState.Gone, null)));
        Assert.Equal(NodeState.Ready, Assert.Single(await _cluster.ListAsync()).Report.State);
    }

    [Fact]
    public async Task Goodbye_IsGoneAtOnce()
    {
        await _cluster.Node("n1").Report(Report("n1"));
        await _cluster.Node("n1").Report(Report("n1") with { State = NodeState.Gone });

        Assert.Equal(NodeState.Gone, Assert.Single(await _cluster.ListAsync()).Report.State);
    }

    [Fact]
    public async Task Failover_OfTheList_ShowsAllNodesAtOnce()
    {
        await _cluster.Node("n1").Report(Report("n1"));
        await _cluster.Node("n2").Report(Report("n2") with { Labels = new() { ["site"] = "berlin" } });
        await _cluster.StoredAsync(2);

        await _cluster.KillSiteAsync();
        var listed = await _cluster.ListWhenItAnswersAsync();

        Assert.Equal(["n1", "n2"], listed.Select(node => node.Report.Name));
        Assert.All(listed, node => Assert.Equal(NodeState.Ready, node.Report.State));
        Assert.Equal("berlin", listed[1].Report.Labels["site"]);
    }

    private NodeReport Report(string name) => new()
    {
        Name = name,
        Role = NodeRole.Edge,
        Gateway = "managed",
        Version = "1.0",
        State = NodeState.Ready,
        StartedAt = _cluster.Time.GetUtcNow(),
    };
}
