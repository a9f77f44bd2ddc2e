using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using Gateway.Counters.Tests.Judging;
using Gateway.Counters.Tests.Schedules;
using Gateway.Policies.Execution;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Gateway.Counters.Tests;

/// <summary>
/// The promises of counters.md over generated schedules: the same 10,000 in every run, or as many others as the environment variable
/// <c>GATEWAY_SCHEDULES</c> says. One that fails is printed as C#; of the others it is shrunk first.
/// </summary>
public sealed class ScheduleTests(ITestOutputHelper output)
{
    private const int InTheOrdinaryRun = 10_000;

    private const ulong Seed = 20261124;

    private static readonly long? Asked =
        Environment.GetEnvironmentVariable("GATEWAY_SCHEDULES") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private static readonly FaultKind[] OfQuotas =
        [.. ScheduleGen.OfEdges, .. ScheduleGen.OfSilos, .. ScheduleGen.OfTheStore.Where(kind => kind != FaultKind.StoreFlush), .. ScheduleGen.Harmless];

    private static readonly long Count = Asked ?? InTheOrdinaryRun;

    [Fact]
    public void OneFault_OfAnyKind_AdmitsNotOneTooMany() =>
        Never(0.25, ScheduleGen.With(1, 1, ScheduleGen.Any));

    [Fact]
    public void ManyFaults_OfEdgesAndMessages_AdmitNotOneTooMany() =>
        Never(0.2, ScheduleGen.With(2, 6, [.. ScheduleGen.OfEdges, .. ScheduleGen.Harmless]));

    [Fact]
    public void ManyFaults_OfSilos_AdmitNotOneTooMany() =>
        Never(0.2, ScheduleGen.With(2, 4, [.. ScheduleGen.OfSilos, FaultKind.Step]));

    [Fact]
    public void ManyFaults_OfSilosAndEdges_AdmitAtMostWhatNobodyCouldReport() =>
        Never(0.2, ScheduleGen.With(2, 5, [.. ScheduleGen.OfSilos, .. ScheduleGen.OfEdges, .. ScheduleGen.Harmless]), verdict => verdict.Unreported);

    [Fact]
    public void AllSilos_LostWithLastSeen_AdmitNoMoreBeyondThanPassedWithoutThem() => Never(
        0.05,
        ScheduleGen.With(1, 2, FaultKind.SiloKill).Select(schedule => schedule with { Silos = 1, Chaos = 20_000, OnOutage = LimitOutage.LastSeen }),
        verdict => verdict.Outage);

    /// <summary>An edge believes in leases that have ended meanwhile.</summary>
    [Fact]
    public void EdgesAsleep_WithTheirClocks_AdmitAtMostWhatTheyHadInHand() => Assert.InRange(
        Never(0.03, ScheduleGen.With(1, 4, [FaultKind.EdgeSleep, .. ScheduleGen.Harmless]), verdict => verdict.Slept, verdict => verdict.Excess), 1, long.MaxValue);

    /// <summary>Edges are away for so long that they go by their shares, whatever else happens to messages and edges.</summary>
    [Fact]
    public void EdgesAway_WithEscrow_AdmitNotOneTooMany() => Assert.InRange(
        Never(0.01, ScheduleGen.Escrowed(ScheduleGen.With(2, 4, [.. ScheduleGen.OfEdges, FaultKind.EdgeUnheard, FaultKind.EdgeDeaf, .. ScheduleGen.Harmless]))), 1, long.MaxValue);

    /// <summary>Their shares are there for the others at once, and so is what they held of a quota.</summary>
    [Fact]
    public void EdgesStopped_AsPlanned_LeaveAllTheyHave()
    {
        Never(0.005, ScheduleGen.Escrowed(ScheduleGen.With(1, 3, FaultKind.EdgeStop, FaultKind.Step)));
        Never(0.01, ScheduleGen.Quotas(ScheduleGen.With(1, 3, FaultKind.EdgeStop, FaultKind.Step)));
    }

    /// <summary>The number of edges stays: it decides about shares that nobody tells.</summary>
    [Fact]
    public void EdgesAwayAndSilosLost_WithEscrow_AdmitAtMostWhatNobodyCouldReport() => Assert.InRange(
        Never(
            0.01,
            ScheduleGen.Escrowed(ScheduleGen.With(
                2, 5, [.. ScheduleGen.OfEdges.Where(kind => kind != FaultKind.EdgeKill), .. ScheduleGen.OfSilos, FaultKind.EdgeUnheard, FaultKind.EdgeDeaf])),
            verdict => verdict.Unreported),
        1, long.MaxValue);

    /// <summary>A publication makes the limit or its window smaller or larger, while anything else may happen.</summary>
    [Fact]
    public void ChangedLimit_AndOneFault_AdmitsNotOneTooMany() => Never(0.05, Gen.Select(
        ScheduleGen.With(0, 1, ScheduleGen.Any), Gen.Int[600, 6000], Gen.OneOf(1, 3, 10, 50), Gen.OneOf(1, 2, 4, 10),
        (schedule, at, limit, period) => schedule with { Change = new(at, limit, period), Tokens = 1, Limit = Math.Min(schedule.Limit, 100) }));

    [Fact]
    public void Quota_AndOneFault_AdmitsNotOneTooMany() => Never(0.03, ScheduleGen.Quotas(ScheduleGen.With(1, 1, ScheduleGen.Any)));

    [Fact]
    public void Quota_AndManyFaults_AdmitsNotOneTooMany() => Never(0.05, ScheduleGen.Quotas(ScheduleGen.With(2, 6, OfQuotas)));

    /// <summary>Periods end and begin, by a clock that may be stepped as well.</summary>
    [Fact]
    public void QuotaOfPeriods_AndOneFault_AdmitsNotOneTooMany() => Never(0.02, ScheduleGen.Periods(ScheduleGen.Quotas(ScheduleGen.With(0, 1, ScheduleGen.Any))));

    [Fact]
    public void QuotaOfPeriods_AndManyFaults_AdmitsNotOneTooMany() =>
        Never(0.03, ScheduleGen.Periods(ScheduleGen.Quotas(ScheduleGen.With(2, 6, [.. OfQuotas, FaultKind.StoreStep]))));

    /// <summary>
    /// Without the fence two holders lend the same to edges that cannot tell one of the other: were it not seen here, the model would prove nothing.
    /// </summary>
    [Fact]
    public void Store_ThatDoesNotFence_IsCaught() => Caught(Parted.Select(schedule => schedule with { IsFenceless = true }));

    /// <summary>The same of a store that writes reservations over those of others.</summary>
    [Fact]
    public void Store_ThatComparesNothing_IsCaught() =>
        Caught(Parted.Select(schedule => schedule with { IsQuota = true, PeriodSeconds = 12, IsFenceless = true, IsCareless = true }));

    /// <summary>For a quota the fence is the second belt.</summary>
    [Fact]
    public void Quota_OfTwoHolders_AdmitsNotOneTooMany() =>
        Never(0.01, Parted.Select(schedule => schedule with { IsQuota = true, PeriodSeconds = 12, IsFenceless = true }));

    /// <summary>Requests at the same time over the site: never more than there are places, and all of them are there again in the end.</summary>
    [Fact]
    public void Places_WhateverHappens_AreNeverMore()
    {
        var (ran, aborted, full) = (0L, 0L, 0L);
        var kinds = ScheduleGen.OfEdges.Concat(ScheduleGen.OfSilos).Concat(ScheduleGen.Harmless).Append(FaultKind.EdgeUnheard).Append(FaultKind.EdgeDeaf).ToArray();
        Judge((long)(Count * 0.03), ScheduleGen.Escrowed(ScheduleGen.With(1, 4, kinds)), schedule =>
        {
            var run = PlaceSimulation.Run(schedule);
            Assert.True(run.Failures.Count == 0, string.Join("\n", run.Failures));
            Interlocked.Add(ref ran, run.Ran);
            Interlocked.Add(ref aborted, run.Aborted);
            Interlocked.Add(ref full, run.Most == schedule.Limit ? 1 : 0);
        });
        output.WriteLine($"{ran} requests ran, {aborted} of them were aborted; in {full} schedules all places were in use.");
        Assert.True(aborted > 0 && full > 0, "Nobody loses a place, or never all are in use.");
    }

    // Silos that do not see each other, and edges that reach only some of them.
    private static Gen<Schedule> Parted { get; } = ScheduleGen.With(4, 8, FaultKind.SiloSplit, FaultKind.EdgeCut).Select(schedule => schedule with
    {
        Silos = 3,
        Edges = 3,
        Load = 1.5,
        Limit = Math.Max(schedule.Limit, 10),
        Faults = [.. schedule.Faults.Select(fault => fault with { At = 1000 + (fault.At / 4), For = 8000 })],
    });

    private static void Caught(Gen<Schedule> schedules)
    {
        var caught = Enumerable.Range(0, 500).AsParallel().Any(number => Simulation.Run(schedules.Generate(new PCG((uint)number, Seed), null, out _)).Excess > 0);
        Assert.True(caught, "No schedule admits more than the limit.");
    }

    // The answer is the sum of something that has to be there for the schedules to prove anything.
    private long Never(double share, Gen<Schedule> schedules, Func<Verdict, long>? allowed = null, Func<Verdict, long>? seen = null)
    {
        var (requests, admitted, without, total, count) = (0L, 0L, 0L, 0L, (long)(Count * share));
        Judge(count, schedules, schedule =>
        {
            var verdict = Simulation.Run(schedule);
            Interlocked.Add(ref requests, verdict.Requests);
            Interlocked.Add(ref admitted, verdict.Admitted);
            Interlocked.Add(ref without, verdict.WithoutSilos);
            Interlocked.Add(ref total, seen?.Invoke(verdict) ?? verdict.WithoutSilos);
            Assert.True(verdict.Failures.Length == 0, string.Join("\n", verdict.Failures));
            Assert.InRange(verdict.Excess, 0, allowed?.Invoke(verdict) ?? 0);
        });

        output.WriteLine($"{count} schedules, {requests} requests, {admitted} of them admitted, {without} without silos.");
        Assert.True(admitted > count, "The schedules admit next to nothing, so they prove nothing.");
        return total;
    }

    private static void Judge(long count, Gen<Schedule> schedules, Action<Schedule> judge)
    {
        if (Asked is null)
        {
            JudgeTheSame(count, schedules, judge);
        }
        else
        {
            schedules.Sample(judge, iter: count, print: schedule => schedule.ToString());
        }
    }

    // The same ones in every run: a change is judged, not luck.
    private static void JudgeTheSame(long count, Gen<Schedule> schedules, Action<Schedule> judge)
    {
        var failures = new ConcurrentQueue<string>();
        Parallel.For(0, count, (number, state) =>
        {
            var schedule = schedules.Generate(new PCG((uint)number, Seed), null, out _);
            try
            {
                judge(schedule);
            }
            catch (XunitException broken)
            {
                failures.Enqueue($"{broken.Message}\n{schedule}");
                state.Stop();
            }
        });
        Assert.True(failures.IsEmpty, string.Join("\n", failures));
    }
}
