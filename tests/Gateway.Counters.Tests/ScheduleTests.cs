using System.Globalization;
using CsCheck;
using Gateway.Counters.Tests.Judging;
using Gateway.Counters.Tests.Schedules;
using Xunit.Abstractions;

namespace Gateway.Counters.Tests;

/// <summary>
/// The promises of counters.md over generated schedules. One that fails is shrunk, and printed as C#. The environment variable
/// <c>GATEWAY_SCHEDULES</c> says how many schedules there are in all.
/// </summary>
public sealed class ScheduleTests(ITestOutputHelper output)
{
    private const int InTheOrdinaryRun = 10_000;

    private static readonly long Schedules =
        Environment.GetEnvironmentVariable("GATEWAY_SCHEDULES") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : InTheOrdinaryRun;

    [Fact]
    public void OneFault_OfAnyKind_AdmitsNotOneTooMany() =>
        Never(0.4, ScheduleGen.With(1, 1, Enum.GetValues<FaultKind>()));

    [Fact]
    public void ManyFaults_OfEdgesAndMessages_AdmitNotOneTooMany() =>
        Never(0.2, ScheduleGen.With(2, 6, [.. ScheduleGen.OfEdges, .. ScheduleGen.Harmless]));

    [Fact]
    public void ManyFaults_OfSilos_AdmitNotOneTooMany() =>
        Never(0.2, ScheduleGen.With(2, 4, ScheduleGen.OfSilos));

    [Fact]
    public void ManyFaults_OfSilosAndEdges_AdmitAtMostWhatNobodyCouldReport() =>
        Never(0.2, ScheduleGen.With(2, 5, [.. ScheduleGen.OfSilos, .. ScheduleGen.OfEdges, .. ScheduleGen.Harmless]), verdict => verdict.Unreported);

    [Fact]
    public void AllSilos_LostWithLastSeen_AdmitNoMoreBeyondThanPassedWithoutThem() => Never(
        0.05,
        ScheduleGen.With(1, 2, FaultKind.SiloKill).Select(schedule => schedule with { Silos = 1, Chaos = 20_000, IsLastSeen = true }),
        verdict => verdict.Outage);

    private void Never(double share, Gen<Schedule> schedules, Func<Verdict, long>? allowed = null)
    {
        var (requests, admitted) = (0L, 0L);
        schedules.Sample(
            schedule =>
            {
                var verdict = Simulation.Run(schedule);
                Interlocked.Add(ref requests, verdict.Requests);
                Interlocked.Add(ref admitted, verdict.Admitted);
                Assert.Empty(verdict.Failures);
                Assert.InRange(verdict.Excess, 0, allowed?.Invoke(verdict) ?? 0);
            },
            iter: (long)(Schedules * share),
            print: schedule => schedule.ToString());
        output.WriteLine($"{(long)(Schedules * share)} schedules, {requests} requests, {admitted} of them admitted.");
        Assert.True(admitted > Schedules * share, "The schedules admit next to nothing, so they prove nothing.");
    }
}
