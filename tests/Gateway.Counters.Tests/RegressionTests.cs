using Gateway.Counters.Tests.Schedules;

namespace Gateway.Counters.Tests;

/// <summary>Schedules that once failed, as they were shrunk.</summary>
public sealed class RegressionTests
{
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

    /// <summary>An edge that used a quota seldom forgot the counter before it had told what it had spent: that was taken for given back, and lent again.</summary>
    [Fact]
    public void Quota_UsedSeldom_IsNotLentAgain() => Holds(new()
    {
        Seed = 209087644, Limit = 10, PeriodSeconds = 12, Edges = 4, Silos = 3, Load = 0.5, IsBursty = true, IsSkewed = true, IsAhead = true, Chaos = 14_000, IsQuota = true,
    });

    private static void Holds(Schedule schedule)
    {
        var verdict = Simulation.Run(schedule);

        Assert.Empty(verdict.Failures);
        Assert.Equal(0, verdict.Excess);
    }
}
