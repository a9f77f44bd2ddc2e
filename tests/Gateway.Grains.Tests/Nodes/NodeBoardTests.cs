using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Grains.Nodes;

namespace Gateway.Grains.Tests.Nodes;

public sealed class NodeBoardTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly NodeBoard _board = new(new NodeOptions());

    [Theory]
    [InlineData(0, NodeState.Ready)]
    [InlineData(9.9, NodeState.Ready)]
    [InlineData(10, NodeState.Stale)]
    [InlineData(599, NodeState.Stale)]
    [InlineData(600, NodeState.Gone)]
    public void List_AfterSilence_TellsTheState(double seconds, NodeState state)
    {
        _board.Observe(Status("n1", Start));

        Assert.Equal(state, Assert.Single(_board.List("managed", Start.AddSeconds(seconds))).Report.State);
    }

    [Fact]
    public void List_AfterADay_HasForgotten()
    {
        _board.Observe(Status("n1", Start));

        Assert.Empty(_board.List("managed", Start.AddDays(1)));
        Assert.Equal(["edge/n1"], _board.Unsaved(Start.AddDays(1)).Forgotten);
    }

    [Fact]
    public void List_AfterGoodbye_IsGoneAtOnce()
    {
        _board.Observe(Status("n1", Start, state: NodeState.Gone));

        Assert.Equal(NodeState.Gone, Assert.Single(_board.List("managed", Start)).Report.State);
    }

    [Fact]
    public void Observe_WordOfAReplacedProcess_DoesNotCount()
    {
        _board.Observe(Status("n1", Start.AddMinutes(1), startedAt: Start.AddMinutes(1)));
        _board.Observe(Status("n1", Start.AddMinutes(2), state: NodeState.Gone, startedAt: Start));

        Assert.Equal(NodeState.Ready, Assert.Single(_board.List("managed", Start.AddMinutes(1))).Report.State);
    }

    [Theory]
    [InlineData(179, NodeState.Ready)]
    [InlineData(180, NodeState.Stale)]
    [InlineData(600, NodeState.Gone)]
    public void List_OfASite_TellsTheStateByTheMinute(double seconds, NodeState state)
    {
        var status = Status("n1", Start, gateway: "berlin");
        _board.Observe(status with { Report = status.Report with { Site = "berlin" } });

        Assert.Equal(state, Assert.Single(_board.List("berlin", Start.AddSeconds(seconds))).Report.State);
    }

    [Fact]
    public void List_OfASite_HasItsNodesOnly()
    {
        var (own, of) = (Status("b", Start, role: NodeRole.Silo), Status("b", Start, role: NodeRole.Silo, gateway: "berlin"));
        _board.Observe(own);
        _board.Observe(of with { Report = of.Report with { Site = "berlin", Version = "of the site" } });

        Assert.Equal("of the site", Assert.Single(_board.List("berlin", Start)).Report.Version);
        Assert.Equal(own, Assert.Single(_board.List("managed", Start)));
        Assert.Equal(["berlin/silo/b", "silo/b"], _board.Unsaved(Start).Changed.Select(node => node.Key).Order());
    }

    [Fact]
    public void List_OfAGateway_HasItsEdgesAndAllSilos()
    {
        _board.Observe(Status("b", Start));
        _board.Observe(Status("a", Start, gateway: "berlin"));
        _board.Observe(Status("b", Start, role: NodeRole.Silo));

        Assert.Equal(["silo/b", "edge/b"], Keys(_board.List("managed", Start)));
        Assert.Equal(["edge/a", "silo/b"], Keys(_board.List("berlin", Start)));
    }

    [Theory]
    [InlineData(0, NodeState.Ready)]
    [InlineData(69, NodeState.Ready)]
    [InlineData(70, NodeState.Stale)]
    [InlineData(700, NodeState.Gone)]
    public void Load_StoredWord_LeavesTimeToBeHeardOnlyWhenItMayLag(double age, NodeState state)
    {
        _board.Load([Status("n1", Start)], Start.AddSeconds(age));

        Assert.Equal(state, Assert.Single(_board.List("managed", Start.AddSeconds(age))).Report.State);
    }

    [Fact]
    public void Load_NodeThatStaysSilent_BecomesStaleAfterThatTime()
    {
        _board.Load([Status("n1", Start)], Start.AddSeconds(30));

        Assert.Equal(NodeState.Stale, Assert.Single(_board.List("managed", Start.AddSeconds(40))).Report.State);
    }

    [Fact]
    public void Load_AfterNewerWord_DoesNotOverwriteIt()
    {
        _board.Observe(Status("n1", Start.AddSeconds(5), state: NodeState.Draining));
        _board.Load([Status("n1", Start)], Start.AddSeconds(6));

        Assert.Equal(NodeState.Draining, Assert.Single(_board.List("managed", Start.AddSeconds(6))).Report.State);
    }

    [Fact]
    public void Unsaved_Beats_AreStoredOnceAHeartbeat()
    {
        Assert.Equal(1, Store(Status("n1", Start)));
        Assert.Equal(0, Store(Status("n1", Start.AddSeconds(59))));
        Assert.Equal(1, Store(Status("n1", Start.AddSeconds(60))));
    }

    [Fact]
    public void Unsaved_Changes_AreStoredAtOnce()
    {
        Assert.Equal(1, Store(Status("n1", Start)));
        Assert.Equal(1, Store(Status("n1", Start.AddSeconds(1), publication: new PublicationId("L", 2))));
        Assert.Equal(1, Store(Status("n1", Start.AddSeconds(2), publication: new PublicationId("L", 2), state: NodeState.Draining)));
    }

    [Fact]
    public void Unsaved_UntilSaved_ComesAgain()
    {
        _board.Observe(Status("n1", Start));

        Assert.Single(_board.Unsaved(Start).Changed);
        Assert.Single(_board.Unsaved(Start).Changed);
    }

    internal static NodeStatus Status(
        string name, DateTimeOffset seen, NodeRole role = NodeRole.Edge, string gateway = "managed", NodeState state = NodeState.Ready,
        DateTimeOffset? startedAt = null, PublicationId? publication = null) =>
        new(
            new NodeReport
            {
                Name = name,
                Role = role,
                Gateway = gateway,
                Version = "1.0",
                State = state,
                StartedAt = startedAt ?? Start,
                Publication = publication,
            },
            seen);

    private static string[] Keys(NodeStatus[] nodes) => [.. nodes.Select(node => NodeKeys.Of(node.Report.Role, node.Report.Name))];

    private int Store(NodeStatus status)
    {
        _board.Observe(status);
        var (changed, forgotten) = _board.Unsaved(status.LastSeen);
        _board.Saved(changed, forgotten);
        return changed.Length;
    }
}
