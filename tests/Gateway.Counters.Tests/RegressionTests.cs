using Gateway.Counters.Tests.Schedules;
using Gateway.Policies.Execution;

namespace Gateway.Counters.Tests;

/// <summary>Schedules that once failed, as they were shrunk.</summary>
public sealed class RegressionTests
{
    /// <summary>
    /// An edge had not heard the first answer of a holder, and was answered by another one that did not know of it, when the first handed over: the next one took the edge
    /// for one that had, and waited for calls under its epoch for ever.
    /// </summary>
    [Fact]
    public void FirstAnswer_UnheardBeforeAHandOver_EdgeIsAskedAnew() => Holds(new()
    {
        Seed = 925833597, Limit = 10, PeriodSeconds = 12, Edges = 3, Silos = 3, Load = 1.5, GivenBack = 0.2, IsAhead = true, IsQuota = true, IsFenceless = true,
        Faults =
        [
            new(1169, FaultKind.SiloSplit, 3, 8, 8000), new(1693, FaultKind.SiloSplit, 0, 25, 8000), new(1755, FaultKind.EdgeCut, 0, 28, 8000),
            new(1802, FaultKind.SiloSplit, 0, 2, 8000), new(1901, FaultKind.EdgeCut, 2, 9, 8000), new(1918, FaultKind.EdgeCut, 5, 5, 8000),
            new(2756, FaultKind.EdgeCut, 3, 6, 8000),
        ],
    });

    /// <summary>
    /// An edge that slept spent later what it had in hand. The partition frees that as if it had been spent while it was lent, and says so to clients: they pass then, beyond the limit by
    /// what a sleeping edge may.
    /// </summary>
    [Fact]
    public void Sleep_OfAnEdge_ClientsAreToldWhenTheyPass()
    {
        var verdict = Simulation.Run(new()
        {
            Seed = 123117029, Limit = 30, PeriodSeconds = 12, Edges = 1, Silos = 1, Load = 1.5, IsAhead = true, Chaos = 8000,
            Faults = [new(3577, FaultKind.SiloJoin, 4, 8, 3292), new(6123, FaultKind.EdgeSleep, 4, 23, 6363)],
        });

        Assert.Empty(verdict.Failures);
        Assert.Equal(verdict.Slept, verdict.Excess);
    }

    /// <summary>The store was flushed: an activation that waited began from nothing, under an epoch that had been used.</summary>
    [Fact]
    public void StoreFlushed_AnotherActivationWaits_HolderGoesOn() => Holds(new()
    {
        Seed = 21372518, Limit = 100, PeriodSeconds = 2, Edges = 1, Silos = 2, Load = 5, IsSkewed = true,
        Faults = [new(1065, FaultKind.StoreFlush, 5, 11, 5845)],
    });

    /// <summary>
    /// Another limit denied a request after the partition had been told of its token. Giving that back took back the spend of a later request, of which
    /// the partition had not heard: that one was charged from too early on.
    /// </summary>
    [Fact]
    public void Token_GivenBackAfterItWasTold_StaysSpent() => Holds(new()
    {
        Seed = 429810443, Limit = 1, PeriodSeconds = 1, Edges = 1, Silos = 1, Load = 1.5, IsSkewed = true, GivenBack = 0.2,
        Faults = [new(3253, FaultKind.SiloJoin, 5, 8, 6776)],
    });

    /// <summary>The same with an edge that stood still.</summary>
    [Fact]
    public void Token_GivenBackAfterAPause_StaysSpent() => Holds(new()
    {
        Seed = 105605366, Limit = 30, PeriodSeconds = 1, Edges = 1, Silos = 2, Load = 1.5, IsSkewed = true, GivenBack = 0.2,
        Faults = [new(5825, FaultKind.EdgePause, 3, 7, 7737), new(6165, FaultKind.EdgeKill, 0, 27, 2789)],
    });

    /// <summary>
    /// A lease ended with tokens left while the partition said that nothing was free. What the edge had to give back waited for the end of that denial, and
    /// so did its requests.
    /// </summary>
    [Fact]
    public void Lease_EndsWhileTheNextIsDenied_ItsRestIsGivenBackAtOnce() => Holds(new()
    {
        Seed = 765457397, Limit = 240, PeriodSeconds = 2, Edges = 3, Silos = 3, Load = 1.5, IsBursty = true, IsSkewed = true, GivenBack = 0.2, IsAhead = true,
        Faults = [new(2017, FaultKind.SiloJoin, 1, 19, 5340), new(2998, FaultKind.EdgeUnheard, 5, 0, 657)],
    });

    /// <summary>
    /// A silo was killed between the two commands by which it wished for a partition: the wish had no end, and whoever held the partition handed it over
    /// each second, which charges all spends anew.
    /// </summary>
    [Fact]
    public void Partition_WantedBySiloThatIsGone_StaysWhereItIs() => Holds(new()
    {
        Seed = 140346145, Limit = 10, PeriodSeconds = 12, Edges = 1, Silos = 1, Load = 1.5, IsBursty = true,
        Faults = [new(3322, FaultKind.SiloKill, 0, 15, 1894), new(5487, FaultKind.SiloKill, 0, 4, 2152)],
    });

    /// <summary>
    /// With two holders at once: an edge did not hear the first answer of the one that stayed, and was answered by the other one meanwhile. It was known, and not in
    /// step, and nobody asked it again.
    /// </summary>
    [Fact]
    public void Edge_AnsweredByAnotherHolderMeanwhile_IsAskedAgain() => Holds(new()
    {
        Seed = 1051721882, Limit = 10, PeriodSeconds = 12, Edges = 3, Silos = 3, Load = 1.5, IsSkewed = true, GivenBack = 0.2, IsQuota = true, IsFenceless = true,
        Faults =
        [
            new(1174, FaultKind.SiloSplit, 0, 4, 8000), new(1178, FaultKind.SiloSplit, 0, 25, 8000), new(1643, FaultKind.EdgeCut, 4, 22, 8000), new(1914, FaultKind.EdgeCut, 5, 24, 8000),
        ],
    });

    /// <summary>An edge that used a quota seldom forgot the counter before it had told what it had spent: that was taken for given back, and lent again.</summary>
    [Fact]
    public void Quota_UsedSeldom_IsNotLentAgain() => Holds(new()
    {
        Seed = 209087644, Limit = 10, PeriodSeconds = 12, Edges = 4, Silos = 3, Load = 0.5, IsBursty = true, IsSkewed = true, IsAhead = true, Chaos = 14_000, IsQuota = true,
    });

    /// <summary>
    /// Edges were listed by the clocks of silos. One was stepped on by half an hour, took the others' edges for gone, and began without asking them.
    /// </summary>
    [Fact]
    public void Silo_WithASteppedClock_StillAsksEdges() => Holds(new()
    {
        Seed = 1063581702, Limit = 1, PeriodSeconds = 12, Edges = 1, Silos = 3, Load = 0.5, GivenBack = 0.2,
        Faults =
        [
            new(2428, FaultKind.Step, 0, 18, 5992), new(2987, FaultKind.EdgeCut, 1, 29, 5868),
            new(5172, FaultKind.EdgeKill, 2, 11, 2082), new(6478, FaultKind.SiloKill, 1, 16, 3500),
        ],
    });

    /// <summary>
    /// A question for an echo came late, after its successor had been answered and the edge had got tokens: the edge took all that it had spent for told, and
    /// the partition, which needed no second answer, took it for given back.
    /// </summary>
    [Fact]
    public void Echo_AskedForAgainLater_SpendsAreStillTold() => Holds(new()
    {
        Seed = 895584208, Limit = 100, PeriodSeconds = 12, Edges = 4, Silos = 3, Load = 0.5, IsBursty = true, IsSkewed = true,
        Faults =
        [
            new(811, FaultKind.SiloSplit, 5, 4, 1403), new(1784, FaultKind.SiloStall, 4, 23, 3067),
            new(4346, FaultKind.Storm, 1, 30, 7966), new(6868, FaultKind.SiloKill, 1, 19, 3714),
        ],
    });

    /// <summary>The same with few tokens.</summary>
    [Fact]
    public void Echo_AskedForAgainLaterOfASmallLimit_SpendsAreStillTold() => Holds(new()
    {
        Seed = 144875748, Limit = 2, PeriodSeconds = 6, Edges = 2, Silos = 1, Load = 5, IsBursty = true, IsAhead = true,
        Faults =
        [
            new(3173, FaultKind.SiloKill, 0, 2, 3783), new(3190, FaultKind.SiloStall, 1, 8, 4724),
            new(4397, FaultKind.Storm, 1, 13, 7802), new(5510, FaultKind.SiloStop, 1, 16, 1596),
        ],
    });

    /// <summary>
    /// A partition was handed over, and taken nine seconds later. The new holder took its edges for answered until the hand-over, and lent all; the edges, which had
    /// been answered by nobody, went by their shares.
    /// </summary>
    [Fact]
    public void HandOver_TakenLate_LeavesEdgesTheirShares() => Holds(new()
    {
        Seed = 343236592, Limit = 30, PeriodSeconds = 1, Edges = 2, Silos = 2, Load = 1.5, Chaos = 60_000, OnOutage = LimitOutage.Escrow,
        Faults =
        [
            new(7845, FaultKind.EdgeStall, 0, 29, 3334), new(8013, FaultKind.SiloPause, 3, 4, 13_728), new(12_110, FaultKind.EdgeUnheard, 1, 23, 32_442),
            new(12_904, FaultKind.SiloStop, 0, 15, 31_698), new(13_195, FaultKind.EdgeUnheard, 5, 5, 19_788),
        ],
    });

    /// <summary>A fault of the model: requests that came before a change and were dealt with after it had the old limit in the new publication.</summary>
    [Fact]
    public void Limit_ChangedWhileTheEdgeStandsStill_IsTheNewOne() => Holds(new()
    {
        Seed = 573415219, Limit = 5, PeriodSeconds = 6, Edges = 1, Silos = 3, Load = 1.5, IsSkewed = true, GivenBack = 0.2, IsAhead = true,
        Change = new(3769, 50, 4), Faults = [new(1577, FaultKind.EdgePause, 4, 13, 7394)],
    });

    /// <summary>
    /// An edge stood still after requests had been let pass by its share, so they took it anew: what the first time had left the window meanwhile, and giving it back
    /// took back what others had used of the share since.
    /// </summary>
    [Fact]
    public void Share_GivenBackAfterItsWindow_LeavesWhatWasUsedSince() => Holds(new()
    {
        Seed = 406269360, Limit = 5, PeriodSeconds = 3, Edges = 1, Silos = 1, Load = 1.5, Tokens = 3, Drift = 8, Chaos = 60_000, OnOutage = LimitOutage.Escrow,
        Faults =
        [
            new(9606, FaultKind.SiloStop, 4, 15, 19_146), new(10_656, FaultKind.EdgeUnheard, 0, 0, 18_534), new(10_886, FaultKind.EdgePause, 4, 10, 37_560),
            new(13_011, FaultKind.EdgeStall, 3, 2, 4822),
        ],
    });

    /// <summary>The same, with two edges.</summary>
    [Fact]
    public void Share_GivenBackAfterItsWindow_LeavesWhatWasUsedSince_OnTwoEdges() => Holds(new()
    {
        Seed = 778572423, Limit = 10, PeriodSeconds = 3, Edges = 2, Silos = 1, Load = 1.5, IsSkewed = true, GivenBack = 0.2, Tokens = 3, IsAhead = true, Drift = 8, Chaos = 60_000,
        OnOutage = LimitOutage.Escrow,
        Faults =
        [
            new(6951, FaultKind.EdgeCut, 0, 19, 31_236), new(7571, FaultKind.SiloStop, 0, 19, 20_400), new(9038, FaultKind.EdgePause, 5, 1, 25_152),
            new(9337, FaultKind.EdgeStall, 1, 8, 4485), new(12_822, FaultKind.SiloStop, 5, 9, 72),
        ],
    });

    /// <summary>
    /// A store that called every silo dead gave the partition to another one. The first holder's lease lived, so it went on, and wrote each 20 ms what the store refused: its edges waited
    /// for ever.
    /// </summary>
    [Fact]
    public void Partition_GivenToAnotherWhileItsHolderLives_IsLeftWhenAQuotaIsRefused() => Holds(new()
    {
        Seed = 873664891, Limit = 240, PeriodSeconds = 12, Edges = 3, Silos = 3, Load = 1.5, IsAhead = true, IsQuota = true, IsFenceless = true,
        Faults =
        [
            new(1573, FaultKind.EdgeCut, 0, 1, 8000), new(1816, FaultKind.EdgeCut, 5, 7, 8000), new(1864, FaultKind.SiloSplit, 1, 4, 8000),
            new(2091, FaultKind.EdgeCut, 5, 21, 8000), new(2264, FaultKind.SiloSplit, 1, 12, 8000), new(2387, FaultKind.EdgeCut, 1, 7, 8000),
        ],
    });

    /// <summary>A fault of the model: an edge was told its share of two edges, two more came, and nobody could tell it of them. That is granted only where edges come.</summary>
    [Fact]
    public void Share_OfAnEdgeNotHeard_IsThatOfAllEdges() => Holds(new()
    {
        Seed = 402294837, Limit = 5, PeriodSeconds = 12, Edges = 4, Silos = 2, Load = 1.5, IsSkewed = true, Chaos = 60_000, OnOutage = LimitOutage.Escrow,
        Faults = [new(8320, FaultKind.EdgeUnheard, 1, 29, 17_802), new(11_299, FaultKind.SiloKill, 3, 3, 35_250), new(13_279, FaultKind.EdgePause, 5, 11, 43_338)],
    });

    /// <summary>
    /// An edge stood still after requests had got tokens, until those were over. The requests asked anew, behind all that had come meanwhile, and it was not seen that their time
    /// to wait was over before they were first in line.
    /// </summary>
    [Fact]
    public void Request_WhoseTokensWereOver_WaitsNoLongerThanOthers() => Holds(new()
    {
        Seed = 308621467, Limit = 100, PeriodSeconds = 3, Edges = 2, Silos = 3, Load = 1.5, IsBursty = true, IsSkewed = true, GivenBack = 0.2, IsAhead = true,
        Faults = [new(833, FaultKind.Storm, 5, 30, 6128), new(3965, FaultKind.EdgeStall, 4, 22, 576), new(6398, FaultKind.Step, 5, 27, 4792)],
    });

    /// <summary>
    /// A partition was handed over after an edge had not heard of its last grant. The new holder did not know how much that was, and took what the edge said once more of its earlier
    /// spends for spends of it: three tokens of the quota were nobody's.
    /// </summary>
    [Fact]
    public void Grant_NotHeardOfBeforeAHandOver_IsGivenBackAfterIt() => Holds(new()
    {
        Seed = 751273103, Limit = 100, PeriodSeconds = 12, Edges = 3, Silos = 1, Load = 0.5, IsSkewed = true, Chaos = 14_000, IsQuota = true,
        Faults =
        [
            new(5634, FaultKind.Storm, 4, 19, 3741), new(6147, FaultKind.SiloStop, 5, 25, 5488), new(7400, FaultKind.SiloJoin, 1, 23, 2403),
            new(8691, FaultKind.EdgeCut, 0, 18, 3607), new(12_149, FaultKind.SiloStop, 4, 8, 2654),
        ],
    });

    private static void Holds(Schedule schedule)
    {
        var verdict = Simulation.Run(schedule);

        Assert.Empty(verdict.Failures);
        Assert.Equal(0, verdict.Excess);
    }
}
