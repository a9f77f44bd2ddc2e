using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters;

/// <summary>What a partition keeps for edges that it misses, so that they can go on without it.</summary>
public sealed class EscrowLedgerTests
{
    private const int Window = 10_000;
    private const int Missed = 15_000;
    private const int Lasts = 600_000;

    private static readonly CounterId Counter = CounterId.Of("c");
    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Two = Guid.NewGuid();
    private static readonly Guid Three = Guid.NewGuid();

    private readonly Dictionary<Guid, long> _sequences = [];
    private CounterPartition _partition = new(1, 4);

    public EscrowLedgerTests() => _partition.Census.Edges = 2;

    [Fact]
    public void Edge_WithoutTheWish_HasNoShare() => Assert.Null(Call(0, One, wants: false).Escrow);

    [Theory]
    [InlineData(0, 10)] // never more than half
    [InlineData(1, 10)]
    [InlineData(4, 5)]
    [InlineData(7, 2)]
    public void Share_IsAPartOfTheLimit_ByTheEdgesOfTheSite(int edges, long tokens)
    {
        _partition.Census.Edges = edges;

        Assert.Equal(tokens, Call(0, One).Escrow?.Tokens);
    }

    [Fact]
    public void Share_OfLimitsSmallerThanTheSite_IsNone()
    {
        _partition.Census.Edges = 21;

        Assert.Null(Call(0, One).Escrow);
    }

    [Fact]
    public void Share_MayBeUsed_WhenNothingLentBeforeCounts()
    {
        var terms = Call(0, One).Escrow!;

        Assert.InRange(terms.FromMilliseconds, (Missed + 4000 + Window) * 1.01, 2 * (Missed + Window));
        Assert.InRange(terms.UntilMilliseconds, terms.FromMilliseconds, Lasts * 0.95);
    }

    [Fact]
    public void Shares_OfAGrowingSite_AreNeverMoreThanTheLimit()
    {
        Assert.Equal(10, Call(0, One).Escrow!.Tokens);
        Assert.Equal(10, Call(0, Two).Escrow!.Tokens);
        _partition.Census.Edges = 4;

        Assert.Null(Call(1, Three).Escrow);
        Assert.Equal(5, Call(2, One, has: 10).Escrow!.Tokens);
        Assert.Null(Call(3, Three).Escrow);
        Assert.Equal(5, Call(4, One, has: 5).Escrow!.Tokens);
        Assert.Equal(5, Call(5, Three).Escrow!.Tokens);
    }

    [Fact]
    public void EdgeAnswered_KeepsNothingFromOthers()
    {
        Call(0, One);
        Call(100, One, has: 10);

        Assert.Equal(20, Call(Missed - 1, Two).Remaining);
    }

    [Fact]
    public void EdgeMissed_ItsShareIsKeptFromOthers()
    {
        Call(0, One);

        Assert.Equal(10, Call(Missed, Two).Remaining);
        var held = 0L;
        LeaseReply reply;
        while ((reply = Call(Missed + 1 + held, Two, want: 20, held: held, has: 10)).Granted > 0)
        {
            held += reply.Granted;
        }

        Assert.Equal((10, true), (held, reply.IsSpent));
        Assert.InRange(reply.RetryAfterMilliseconds, 1, 1000);
    }

    /// <summary>It calls, but no answer comes to it: it will go by its share.</summary>
    [Fact]
    public void EdgeHeardThatHearsNothing_IsMissed()
    {
        Call(0, One);
        for (var at = 1000; at <= Missed; at += 1000)
        {
            Call(at, One, has: 10, lostSince: 2);
        }

        Assert.Equal(10, Call(Missed + 1, Two).Remaining);
    }

    [Fact]
    public void EdgeBack_ThatUsedItsShare_IsLeftItForAWindow()
    {
        Call(0, One);
        Call(40_000, One, has: 10, isUsed: true);
        Call(40_100, One, has: 10, isUsed: true);
        Assert.Equal(10, Call(40_200, Two).Remaining);

        Call(50_500, One, has: 10);

        Assert.Equal(20, Call(50_600, Two).Remaining);
    }

    [Fact]
    public void EdgeWithoutRequests_GivesItsShareUp_OnceItSaysSo()
    {
        Call(0, One);
        Call(7000, One, has: 10, wants: false);
        Call(7010, One, has: 0, wants: false);

        Assert.Equal(20, Call(3 * Missed, Two).Remaining);
    }

    /// <summary>It ends as planned, and will not use what it may have been told.</summary>
    [Fact]
    public void Edge_ThatSaysItHasNone_LeavesItsShareToOthersAtOnce()
    {
        Call(0, One);
        Call(7000, One, has: 0, wants: false);

        Assert.Equal(20, Call(3 * Missed, Two).Remaining);
    }

    /// <summary>The answer that took the share may not have come.</summary>
    [Fact]
    public void EdgeWithoutRequests_ThatIsNotHeardAgain_KeepsItsShare()
    {
        Call(0, One);
        Call(7000, One, has: 10, wants: false);

        Assert.Equal(10, Call(3 * Missed, Two).Remaining);
    }

    [Fact]
    public void EdgeGone_ItsShareIsFreeAfterTenMinutes()
    {
        Call(0, One);
        _partition.Sweep(Lasts - 1);
        Assert.Equal(10, Call(Lasts - 1, Two).Remaining);

        _partition.Sweep(Lasts);

        Assert.Equal(20, Call(Lasts, Two).Remaining);
    }

    [Fact]
    public void HandOver_KeepsSharesAndWhoIsMissed()
    {
        Call(0, One);
        _partition = CounterPartition.Read(_partition.Write(5000), 105_000, 4);
        _partition.Census.Edges = 2;

        Assert.Equal(20, Call(105_001 + Missed - 5002, Two).Remaining);
        Assert.Equal(10, Call(105_001 + Missed - 5000, Two).Remaining);
    }

    /// <summary>Nobody could answer it while the partition was on its way, and it knows that.</summary>
    [Fact]
    public void HandOver_ThatTakesLong_MissesEdgesAsSoon()
    {
        Call(0, One);
        _partition = CounterPartition.Read(_partition.Write(5000), 105_000, 4, away: 8000);
        _partition.Census.Edges = 2;

        Assert.Equal(20, Call(105_000 + Missed - 13_001, Two).Remaining);
        Assert.Equal(10, Call(105_000 + Missed - 13_000, Two).Remaining);
        _partition.Sweep(105_000 + Lasts - 5001);
        Assert.Equal(10, Call(105_000 + Lasts - 5001, Two).Remaining);
    }

    [Fact]
    public void NewHolder_TakesTheSharesThatEdgesTell_AndLeavesThemToThem()
    {
        _partition.Miss(0, One, isRecent: false);
        _partition.Learn(10, One, [new() { Counter = Counter, Definition = Definition, Escrow = 10 }]);
        Assert.Equal(10, Call(20, Two).Remaining);

        Call(30, One, has: 10);
        Assert.Equal(10, Call(40, Two).Remaining);
        Call(50, One, has: 10);

        Assert.Equal(20, Call(60, Two).Remaining);
    }

    [Fact]
    public void NewHolder_LeavesEdgesThatDoNotTell_AShareOfEachLimit()
    {
        _partition.Census.Edges = 4;
        _partition.Miss(0, One, isRecent: false);
        _partition.Miss(0, Three, isRecent: false);
        Assert.Equal(10, Call(10, Two).Remaining);
        Assert.Equal(20, Call(20, Two, "another", wants: false).Remaining);

        _partition = CounterPartition.Read(_partition.Write(100), 1_000_100, 4);
        _partition.Census.Edges = 4;
        Assert.Equal(10, Call(1_000_110, Two).Remaining);
        _partition.Sweep(1_000_100 + Lasts);

        Assert.Equal(20, Call(1_000_101 + Lasts, Two).Remaining);
    }

    /// <summary>By then it has told of all its shares.</summary>
    [Fact]
    public void NewHolder_HearsAnAbsentEdge_FreesWhatItWasLeft()
    {
        _partition.Census.Edges = 4;
        _partition.Miss(0, One, isRecent: false);
        _partition.Admit(4000, One);
        Call(5000, One, has: 5);
        Call(5100, One, has: 5);
        Call(19_000, One, has: 5);
        Call(19_100, One, has: 5);
        Assert.Equal(15, Call(19_900, Two).Remaining);

        _partition.Sweep(20_001);

        Assert.Equal(20, Call(20_002, Two).Remaining);
    }

    private static CounterDefinition Definition { get; } = new() { Limit = 20, PeriodMilliseconds = Window };

    private LeaseReply Call(
        long at, Guid edge, string? counter = null, long want = 0, long held = 0, long has = 0, bool wants = true, bool isUsed = false, long lostSince = 0)
    {
        var sequence = _sequences[edge] = _sequences.GetValueOrDefault(edge) + 1;
        var answer = _partition.Acquire(at, new()
        {
            Edge = edge,
            Observer = null!,
            Sequence = sequence,
            Epoch = _partition.Knows(edge) ? _partition.Epoch : 0,
            Requests =
            [
                new()
                {
                    Counter = counter is null ? Counter : CounterId.Of(counter), Definition = Definition, Want = want, Held = held, LostSince = lostSince,
                    Escrow = has > 0 || wants || isUsed ? new(has, wants, isUsed) : null,
                },
            ],
        });
        return Assert.Single(answer.Lease.Replies);
    }
}
