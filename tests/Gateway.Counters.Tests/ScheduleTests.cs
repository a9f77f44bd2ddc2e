using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using Gateway.Counters.Tests.Judging;
using Gateway.Counters.Tests.Schedules;
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

    private static readonly long Count = Asked ?? InTheOrdinaryRun;

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
        var (requests, admitted, count) = (0L, 0L, (long)(Count * share));
        void Judge(Schedule schedule)
        {
            var verdict = Simulation.Run(schedule);
            Interlocked.Add(ref requests, verdict.Requests);
            Interlocked.Add(ref admitted, verdict.Admitted);
            Assert.True(verdict.Failures.Length == 0, string.Join("\n", verdict.Failures));
            Assert.InRange(verdict.Excess, 0, allowed?.Invoke(verdict) ?? 0);
        }

        if (Asked is null)
        {
            JudgeTheSame(count, schedules, Judge);
        }
        else
        {
            schedules.Sample(Judge, iter: count, print: schedule => schedule.ToString());
        }

        output.WriteLine($"{count} schedules, {requests} requests, {admitted} of them admitted.");
        Assert.True(admitted > count, "The schedules admit next to nothing, so they prove nothing.");
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
