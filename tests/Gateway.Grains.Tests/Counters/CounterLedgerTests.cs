using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters;

public sealed class CounterLedgerTests
{
    private const int Window = 60_000;

    private static readonly CounterId Counter = CounterId.Of("c");
    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Two = Guid.NewGuid();
    private static readonly Guid Three = Guid.NewGuid();
    private static readonly Guid Four = Guid.NewGuid();

    private readonly Dictionary<Guid, long> _sequences = [];
    private CounterPartition _partition = new(1, 4);
    private CounterDefinition _definition = new() { Limit = 20, PeriodMilliseconds = Window, Publication = new PublicationId("L", 1) };

    [Theory]
    [InlineData(5, 100, 100, 1, 5)] // what is asked
    [InlineData(100, 100, 100, 1, 50)] // half of the rest
    [InlineData(100, 100, 100, 4, 13)] // a share of half of the rest
    [InlineData(100, 3, 100, 4, 1)] // at least one
    [InlineData(1000, 500, 10_000, 3, 84)] // a share of half of the rest
    [InlineData(1000, 60, 10_000, 3, 53)] // the floor: a share of a 64th of the limit
    [InlineData(1000, 20, 10_000, 3, 20)] // no more than there is
    [InlineData(1, 0, 100, 1, 0)]
    [InlineData(0, 100, 100, 1, 0)]
    public void Grant_Size_IsAFairShare(long asked, long remaining, long limit, int edges, long size) =>
        Assert.Equal(size, LeaseTerms.Size(asked, remaining, limit, edges));

    [Theory]
    [InlineData(1000, 100)]
    [InlineData(30_000, 1000)]
    [InlineData(60_000, 2000)]
    [InlineData(300_000, 2000)]
    public void Lease_Life_IsShortAgainstTheWindow(int period, int life) => Assert.Equal(life, LeaseTerms.Life(period));

    [Theory]
    [InlineData(10_000, 3, 2000)] // 222 tokens an edge in 4 s
    [InlineData(10_000, 50, 4000)] // 13
    [InlineData(10_000, 100, 2000)] // 7
    [InlineData(100, 3, 2000)]
    public void Lease_OfAFewTokensOfMany_LivesTwiceAsLong(long limit, int edges, int life) => Assert.Equal(life, LeaseTerms.Life(60_000, limit, edges));

    [Fact]
    public void Spent_Reported_IsFreedAWindowAfterTheReport()
    {
        Acquire(0, One, want: 20);
        Acquire(500, One, spent: 10);

        Assert.Equal(10, Acquire(60_500, Two, want: 0, waiting: 0, touch: true).Remaining);
        Assert.Equal(20, Acquire(60_501, Two, want: 0, waiting: 0, touch: true).Remaining);
    }

    /// <summary>Ages are less by the one per cent that the edge's clock may be faster.</summary>
    [Fact]
    public void Spent_ToldWithItsAge_IsFreedAWindowAfterThat()
    {
        Acquire(0, One, want: 20);
        Acquire(2000, One, spent: 10, earlier: [new(500, 2), new(1500, 7)]);

        Assert.Equal(10, Acquire(60_515, Two, touch: true).Remaining);
        Assert.Equal(17, Acquire(60_516, Two, touch: true).Remaining);
        Assert.Equal(19, Acquire(61_506, Two, touch: true).Remaining);
        Assert.Equal(20, Acquire(62_001, Two, touch: true).Remaining);
    }

    [Fact]
    public void Spent_BelievedInPart_CountsAsTheLatest()
    {
        Acquire(0, One, want: 3);
        Acquire(2000, One, spent: 10, earlier: [new(500, 1), new(1500, 7)]);

        Assert.Equal(17, Acquire(60_900, Two, touch: true).Remaining);
        Assert.Equal(18, Acquire(61_506, Two, touch: true).Remaining);
        Assert.Equal(20, Acquire(62_001, Two, touch: true).Remaining);
    }

    [Theory]
    [InlineData(-5, 4)]
    [InlineData(int.MinValue, long.MaxValue)]
    [InlineData(int.MaxValue, long.MinValue)]
    [InlineData(0, 0)]
    public void Spent_ToldWithNonsense_IsCharged(int age, long count)
    {
        Acquire(0, One, want: 20);
        Acquire(10, One, spent: 10, earlier: [new(age, count)]);

        Assert.Equal(10, Acquire(11, Two, touch: true).Remaining);
    }

    [Fact]
    public void Lent_NeverReported_IsFreedAWindowAfterTheLease()
    {
        Acquire(0, One, want: 20);

        Assert.Equal(10, Acquire(62_000, Two, touch: true).Remaining);
        Assert.Equal(20, Acquire(62_001, Two, touch: true).Remaining);
    }

    [Fact]
    public void Held_LessThanLent_IsFreedAtOnce()
    {
        Acquire(0, One, want: 20);

        Assert.Equal(16, Acquire(10, One, spent: 3, held: 1).Remaining);
    }

    [Fact]
    public void Report_OfMoreThanWasLent_IsCutAndCounted()
    {
        Acquire(0, One, want: 20);

        var answer = Answer(10, One, spent: 500, held: 500);

        Assert.Equal(1, answer.Cut);
        Assert.Equal(10, answer.Lease.Replies[0].Remaining);
    }

    [Fact]
    public void Call_ThatComesAgain_ChangesNothing()
    {
        Acquire(0, One, want: 4);
        _sequences[One]--;

        var again = Acquire(1, One, want: 4, spent: 4);

        Assert.Equal((0, 16), (again.Granted, again.Remaining));
    }

    [Fact]
    public void Call_LaterThanOneAfterIt_ChangesNothing()
    {
        Acquire(0, One, want: 4);
        Acquire(1, One, held: 4);
        _sequences[One] -= 2;

        Assert.Equal(16, Acquire(2, One, held: 0).Remaining);
    }

    [Fact]
    public void Dry_OthersHoldTokens_AreAskedOnceInATenthOfASecond()
    {
        Lend(One, 20);
        Assert.Equal([One], Answer(10, Two, waiting: 1).Recalls!.Select(recall => recall.Edge));
        Assert.Null(Answer(50, Two, waiting: 1).Recalls);
        Assert.NotNull(Answer(110, Two, waiting: 1).Recalls);
        Assert.False(Acquire(111, Two, waiting: 1).IsSpent);
    }

    [Fact]
    public void Spent_ByAll_IsToldWithTheTimeOfTheNextAdmission()
    {
        Lend(One, 20);
        Acquire(1000, One, spent: 20);

        var denied = Acquire(11_000, Two, waiting: 1);

        Assert.True(denied.IsSpent);
        Assert.InRange(denied.RetryAfterMilliseconds, 50_001, 50_001);
        Assert.Equal(0, Acquire(11_000 + denied.RetryAfterMilliseconds - 1, Two, waiting: 1).Granted);
        Assert.Equal(1, Acquire(11_000 + denied.RetryAfterMilliseconds, Two, waiting: 1).Granted);
    }

    /// <summary>20 tokens are freed each quarter of a second; the edges are told when theirs are there, and nobody else gets them.</summary>
    [Fact]
    public void Spent_SeveralAreTurnedAway_EachComesWhenItsTokensAreThere()
    {
        SpendAll(2000);

        var two = Acquire(30_000, Two, want: 16);
        var three = Acquire(30_010, Three, want: 30);
        Assert.Equal((true, true), (two.IsSpent, three.IsSpent));
        Assert.Equal((30_251, 30_741), (two.RetryAfterMilliseconds, three.RetryAfterMilliseconds));

        Assert.Equal(0, Acquire(60_251, Four, want: 30).Granted);
        Assert.Equal(16, Acquire(60_252, Two, want: 16).Granted);
        Assert.Equal(30, Acquire(60_751, Three, want: 30).Granted);
    }

    [Fact]
    public void Spent_OneIsToldToComeAndDoesNot_AnotherTakesIt()
    {
        SpendAll(2000);
        Acquire(30_000, Two, want: 16);

        Assert.Equal(0, Acquire(60_260, Three, waiting: 5, least: 5).Granted);
        Assert.Equal(5, Acquire(60_360, Three, waiting: 5, least: 5).Granted);
    }

    [Fact]
    public void Spent_ToldToCome_IsNotAskedBack()
    {
        var others = Enumerable.Range(0, 48).Select(_ => Guid.NewGuid()).ToArray();
        SpendAll(10_000);
        Array.ForEach(others, other => Acquire(30_000, other, waiting: 1));
        Acquire(30_000, Two, want: 26);
        Assert.Equal(26, Acquire(60_251, Two, want: 26).Granted);
        Assert.All(others, other => Assert.Equal(1, Acquire(60_252, other, waiting: 1).Granted));

        var answer = Answer(60_253, Three, waiting: 200, least: 200);

        Assert.Equal(0, answer.Grants);
        Assert.Null(answer.Recalls);
    }

    [Fact]
    public void Limit_Lowered_RecallsAndKeepsTheCount()
    {
        Acquire(0, One, want: 10);
        _definition = _definition with { Limit = 5, Publication = new PublicationId("L", 2) };

        var answer = Answer(1, Two, waiting: 1);

        Assert.Equal([One], answer.Recalls!.Select(recall => recall.Edge));
        Assert.Equal((0, 0), (answer.Lease.Replies[0].Granted, answer.Lease.Replies[0].Remaining));
    }

    [Fact]
    public void Limit_OfAnOlderPublication_IsNotTaken()
    {
        _definition = _definition with { Limit = 50, Publication = new PublicationId("L", 2) };
        Acquire(0, One, want: 1);
        _definition = _definition with { Limit = 20, Publication = new PublicationId("L", 1) };
        Assert.Equal(48, Acquire(1, Two, waiting: 1).Remaining);

        _definition = _definition with { Limit = 30, Publication = new PublicationId("M", 1) };
        Assert.Equal(28, Acquire(2, Two, held: 1).Remaining);

        _definition = _definition with { Limit = 90, Publication = new PublicationId("L", 3) };
        Assert.Equal(28, Acquire(3, Two, held: 1).Remaining);
    }

    [Fact]
    public void Partition_Full_RefusesNewCountersUntilOthersHaveRunOut()
    {
        for (var key = 0; key < 4; key++)
        {
            Assert.Equal(1, Acquire(0, One, want: 1, counter: new CounterId(7, (ulong)key)).Granted);
        }

        var refused = Answer(1000, One, waiting: 1, counter: new CounterId(7, 100));
        Assert.Equal((1, 0, false), (refused.Refused, refused.Lease.Replies[0].Granted, refused.Lease.Replies[0].IsSpent));
        Assert.Equal(1, Acquire(1001, One, want: 1, counter: new CounterId(7, 1)).Granted);
        Assert.Equal(1, Acquire(70_000, One, waiting: 1, counter: new CounterId(7, 100)).Granted);
    }

    /// <summary>The edge gave the second call up: it holds nothing of that grant, and tells again what that call has told already.</summary>
    [Fact]
    public void Spent_ToldAgainAfterAGrantThatWasLost_IsChargedOnce()
    {
        var first = Acquire(0, One, want: 5);
        Acquire(100, One, waiting: 3, spent: first.Granted);

        Acquire(200, One, spent: first.Granted, lostSince: 2);

        Assert.Equal(20 - first.Granted, Acquire(201, Two).Remaining);
    }

    /// <summary>The call that was given up had not come: what was granted before it is held.</summary>
    [Fact]
    public void Grant_BeforeACallThatNeverCame_StaysCharged()
    {
        var first = Acquire(0, One, want: 5);
        _sequences[One]++;

        Acquire(200, One, spent: first.Granted, lostSince: 2);

        Assert.Equal(20 - first.Granted, Acquire(201, Two).Remaining);
    }

    [Fact]
    public void Counters_OfWhichNothingIsCharged_AreDropped()
    {
        Acquire(0, One, want: 1);
        _partition.Sweep(61_000);
        Assert.Equal(1, _partition.Count);

        _partition.Sweep(72_000);
        Assert.Equal(0, _partition.Count);
    }

    [Fact]
    public void Edge_OfAnotherEpoch_IsAskedForItsEcho()
    {
        _partition = new CounterPartition(5, 4);

        var answer = Answer(0, One, epoch: 3, waiting: 1);
        Assert.True(answer.NeedsEcho);
        Assert.Empty(answer.Lease.Replies);

        _partition.Learn(1, One, [new CounterMemory { Counter = Counter, Definition = _definition, Held = 2, HeldForMilliseconds = 1000, Spent = [new SpendMemory(500, 3)] }]);
        Assert.Equal(14, Acquire(2, One, waiting: 1, held: 2).Remaining);

        // The same echo once more does not know of the grant since.
        _partition.Learn(3, One, []);
        Assert.Equal(14, Acquire(4, One, held: 3).Remaining);
    }

    [Fact]
    public void Edge_ThatNeverEchoes_StartsAfresh()
    {
        _partition = new CounterPartition(5, 4);
        _partition.Admit(0, One);

        Assert.Equal(1, Acquire(1, One, epoch: 3, waiting: 1, spent: 9, held: 9).Granted);
        Assert.Equal(19, Acquire(2, One, epoch: 5, held: 1).Remaining);
    }

    [Fact]
    public void Memory_WrittenAndRead_GoesOn()
    {
        Acquire(0, One, want: 20);
        Acquire(100, One, spent: 4, held: 6);

        _partition = CounterPartition.Read(_partition.Write(1000), 500_000, 4);

        Assert.Equal(1, _partition.Epoch);
        Assert.Equal(13, Acquire(500_001, One, spent: 3, held: 0).Remaining);
        Assert.Equal(20, Acquire(570_000, Two, touch: true).Remaining);
    }

    [Theory]
    [InlineData(0, Window)]
    [InlineData(-1, Window)]
    [InlineData(long.MinValue, Window)]
    [InlineData(long.MaxValue, Window)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    [InlineData(1, 300_001)]
    public void Definition_OutOfBounds_IsRefused(long limit, int period)
    {
        _definition = _definition with { Limit = limit, PeriodMilliseconds = period };

        Assert.Equal(1, Answer(0, One, want: 1).Refused);
        Assert.Equal(0, _partition.Count);
    }

    // A hundredth each quarter of a second.
    private void SpendAll(long limit)
    {
        _definition = _definition with { Limit = limit };
        var (at, granted) = (0L, 0L);
        for (var left = limit; left > 0; left -= granted)
        {
            granted = Acquire(at, One, want: limit / 100, spent: granted).Granted;
            Assert.Equal(limit / 100, granted);
            at += 250;
        }

        Acquire(at, One, spent: granted);
    }

    private void Lend(Guid edge, long count)
    {
        var held = 0L;
        while (held < count)
        {
            var granted = Acquire(0, edge, want: count, held: held).Granted;
            Assert.True(granted > 0);
            held += granted;
        }
    }

    // With touch, one token more is asked and given back, so that the reply tells of the counter as it is.
    private LeaseReply Acquire(
        long now, Guid edge, long want = 0, int waiting = 0, long spent = 0, long held = 0, long? epoch = null, CounterId? counter = null, bool touch = false, long lostSince = 0,
        SpendMemory[]? earlier = null, long least = 0)
    {
        if (touch)
        {
            Answer(now, edge, waiting: 1, epoch: epoch, counter: counter);
        }

        return Answer(now, edge, want, waiting, spent, held, epoch, counter, lostSince, earlier, least).Lease.Replies[0];
    }

    private PartitionAnswer Answer(
        long now, Guid edge, long want = 0, int waiting = 0, long spent = 0, long held = 0, long? epoch = null, CounterId? counter = null, long lostSince = 0,
        SpendMemory[]? earlier = null, long least = 0) =>
        _partition.Acquire(now, new LeaseCall
        {
            Edge = edge,
            Observer = null!,
            Sequence = _sequences[edge] = _sequences.GetValueOrDefault(edge) + 1,
            Epoch = epoch ?? (_partition.Knows(edge) ? _partition.Epoch : 0),
            Requests =
            [
                new LeaseRequest
                {
                    Counter = counter ?? Counter, Definition = _definition, Want = want, Waiting = waiting, Spent = spent, Held = held, LostSince = lostSince, Earlier = earlier ?? [],
                    Least = least,
                },
            ],
        });
}
