using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters;

/// <summary>Requests at the same time over the site: places that edges hold.</summary>
public sealed class PlaceLedgerTests
{
    private static readonly CounterId Counter = CounterId.Of("c");
    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Two = Guid.NewGuid();

    private readonly Dictionary<Guid, long> _sequences = [];
    private CounterPartition _partition = new(1, 4);
    private long _limit = 3;
    private Guid[] _recalled = [];

    [Fact]
    public void Places_AreLentUntilNoneIsLeft()
    {
        Assert.Equal(2, Call(0, One, waiting: 2).Granted);
        Assert.Equal(1, Call(0, Two, waiting: 2).Granted);

        var asked = Call(10, Two, waiting: 1, held: 1);
        Assert.Equal((0, false, One), (asked.Granted, asked.IsSpent, Assert.Single(_recalled)));
        var denied = Call(20, Two, waiting: 1, held: 1);

        Assert.Equal((0, true), (denied.Granted, denied.IsSpent));
        Assert.Empty(_recalled);
        Assert.InRange(denied.RetryAfterMilliseconds, 1, 100);
    }

    [Fact]
    public void Places_GivenBack_AreLentAgain()
    {
        Call(0, One, waiting: 3);
        Call(10, One, held: 1);

        Assert.Equal(2, Call(20, Two, waiting: 5).Granted);
    }

    [Fact]
    public void Places_OfAnEdgeThatIsNotHeard_ComeBackWhenTheirTimeIsOver()
    {
        Assert.Equal(PlaceLedger.Life, Call(0, One, waiting: 3).ValidForMilliseconds);
        Assert.Equal(PlaceLedger.Life, Call(4000, One, held: 3).ValidForMilliseconds);

        Assert.Equal(0, Call(4000 + PlaceLedger.Life, Two, waiting: 3).Granted);
        Assert.Equal(3, Call(4001 + PlaceLedger.Life, Two, waiting: 3).Granted);
    }

    [Fact]
    public void Call_ThatComesAgainOrLate_ChangesNothing()
    {
        Call(0, One, waiting: 2);
        Call(10, One, held: 2);
        _sequences[One] -= 2;

        Assert.Equal(0, Call(20, One, waiting: 1).Granted);
        Assert.Equal(1, Call(30, Two, waiting: 3).Granted);
    }

    [Fact]
    public void Edge_ThatClaimsMoreThanItHas_IsNotBelieved()
    {
        Call(0, One, waiting: 1);
        Call(10, One, held: 3);

        Assert.Equal(2, Call(20, Two, waiting: 3).Granted);
    }

    [Fact]
    public void Limit_Lowered_LendsNothingUntilFewerAreHeld()
    {
        Call(0, One, waiting: 3);
        _limit = 2;
        Assert.Equal(0, Call(10, Two, waiting: 1).Granted);
        Call(20, One, held: 1);

        Assert.Equal(1, Call(30, Two, waiting: 3).Granted);
    }

    [Fact]
    public void HandOver_KeepsWhoHoldsWhat()
    {
        Call(0, One, waiting: 2);
        _partition = CounterPartition.Read(_partition.Write(5000), 105_000, 4);

        Assert.Equal(1, Call(105_010, Two, waiting: 3).Granted);
        Assert.Equal(2, Call(105_001 + PlaceLedger.Life - 5000, Two, waiting: 3, held: 1).Granted);
    }

    [Fact]
    public void NewHolder_LendsNothing_WhileAnEdgeMayHavePlacesThatItDoesNotTell()
    {
        _partition.Miss(0, One, isRecent: true);
        _partition.Miss(0, Guid.NewGuid(), isRecent: false);
        var reply = Call(100, Two, waiting: 1);
        Assert.Equal((0, false), (reply.Granted, reply.IsSpent));
        Assert.Equal(0, Call(PlaceLedger.Life, Two, waiting: 1).Granted);

        Assert.Equal(3, Call((PlaceLedger.Life * 102 / 100) + 1, Two, waiting: 3).Granted);
    }

    [Fact]
    public void NewHolder_TakesOverWhatEdgesTell()
    {
        _partition.Miss(0, One, isRecent: true);
        _partition.Learn(10, One, [new() { Counter = Counter, Definition = Definition, Held = 2, HeldForMilliseconds = 10_000 }]);

        Assert.Equal(1, Call(20, Two, waiting: 3).Granted);
        Assert.Equal(2, Call(10_120, Two, waiting: 3, held: 1).Granted);
    }

    [Fact]
    public void Counter_OfAnotherKindWithTheSameName_IsRefused()
    {
        Call(0, One, waiting: 1);
        var other = _partition.Acquire(10, Lease(Two, new() { Counter = Counter, Definition = new() { Limit = 3, PeriodMilliseconds = 1000 }, Want = 1, Waiting = 1 }));

        Assert.Equal((0, 1), (other.Lease.Replies[0].Granted, other.Refused));
    }

    private CounterDefinition Definition => new() { Limit = _limit, PeriodMilliseconds = 0, IsConcurrency = true };

    private LeaseReply Call(long at, Guid edge, int waiting = 0, long held = 0)
    {
        var answer = _partition.Acquire(at, Lease(edge, new() { Counter = Counter, Definition = Definition, Want = waiting, Waiting = waiting, Held = held }));
        _recalled = [.. answer.Recalls?.Select(recall => recall.Edge) ?? []];
        return Assert.Single(answer.Lease.Replies);
    }

    private LeaseCall Lease(Guid edge, LeaseRequest request) => new()
    {
        Edge = edge,
        Observer = null!,
        Sequence = _sequences[edge] = _sequences.GetValueOrDefault(edge) + 1,
        Epoch = _partition.Knows(edge) ? _partition.Epoch : 0,
        Requests = [request],
    };
}
