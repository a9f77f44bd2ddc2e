using Gateway.Counters.Tests.Engine;
using Gateway.Counters.Tests.Nodes;
using Gateway.Counters.Tests.Schedules;
using Gateway.Policies.Execution;

namespace Gateway.Counters.Tests.Judging;

/// <summary>What became of a run.</summary>
internal sealed record Verdict
{
    private const long LongestWait = 5 * Timeline.Second;

    /// <summary>The most by which a window of any place held more than the limit.</summary>
    public required long Excess { get; init; }

    /// <summary>The part of that which edges let pass that no partition could ask any more.</summary>
    public required long Unreported { get; init; }

    /// <summary>The part of it that edges let pass without silos.</summary>
    public required long Outage { get; init; }

    /// <summary>The part of it that edges let pass with what they had in hand when they fell asleep.</summary>
    public required long Slept { get; init; }

    /// <summary>Requests that edges let pass without silos, at any time.</summary>
    public required int WithoutSilos { get; init; }

    /// <summary>Broken rules of all runs.</summary>
    public required string[] Failures { get; init; }

    public required int Requests { get; init; }

    public required int Admitted { get; init; }

    public required long Calls { get; init; }

    public static Verdict Of(Schedule schedule, World world, long settled, int full)
    {
        var log = world.Log;
        var failures = new List<string>(world.Timeline.Failures);
        var arrivals = log.Arrivals;
        foreach (var arrival in arrivals)
        {
            var edge = world.Cluster.Life(arrival.Edge);
            if (!edge.IsDead && (arrival.DecidedAt ?? world.Timeline.Now) - arrival.At > (LongestWait * 102 / 100) + (Timeline.Second / 5) + edge.StoodStill)
            {
                failures.Add($"The request of {arrival.At} at {arrival.Edge} waits too long: until {arrival.DecidedAt}.");
            }
        }

        if (arrivals.Find(arrival => arrival.At > settled && arrival.Verdict == LimitVerdict.Undecided) is { } undecided)
        {
            failures.Add($"The request of {undecided.At} at {undecided.Edge} is undecided although all is well.");
        }

        var missing = arrivals.Skip(full).Count(arrival => arrival.Verdict != LimitVerdict.Admitted);
        if (missing > 0 && !IsShareLost(schedule) && !PeriodJudge.GoesOn(schedule))
        {
            failures.Add($"After a quiet time {missing} of {schedule.Final.Limit} requests do not pass.");
        }

        failures.AddRange(Waits(schedule, world));
        if (schedule is { IsQuota: true, IsPeriodic: false, GivenBack: 0 } && !LosesTokens(schedule.Faults) && log.Admissions.Count < schedule.Limit)
        {
            failures.Add($"Of a quota of {schedule.Limit} only {log.Admissions.Count} were used, and nothing may be lost.");
        }

        if (SiloTelemetry.Cut > 0 && !Array.Exists(schedule.Faults, fault => fault.For >= 1000 * schedule.PeriodSeconds / 2))
        {
            failures.Add($"Edges claimed {SiloTelemetry.Cut} times to hold more than was lent.");
        }

        var (excess, unreported, outage, slept) = schedule.IsQuota ? (PeriodJudge.Excess(schedule, log.Admissions), 0, 0, 0) : Worst(schedule, log, world, settled);
        return new()
        {
            Excess = excess,
            Unreported = unreported,
            Outage = outage,
            Slept = slept,
            WithoutSilos = log.Admissions.Count(admission => admission.IsOutage),
            Failures = [.. failures],
            Requests = arrivals.Count,
            Admitted = log.Admissions.Count,
            Calls = log.Calls,
        };
    }

    // What a killed edge held, and what a killed silo had reserved, or one that the others do not see or that does not reach the store.
    private static bool LosesTokens(Fault[] faults) => IsUnheard(faults) || Array.Exists(faults, fault => fault.Kind is not (FaultKind.EdgePause or FaultKind.EdgeStall
        or FaultKind.EdgeCut or FaultKind.EdgeUnheard or FaultKind.EdgeDeaf or FaultKind.EdgeStop or FaultKind.SiloStop or FaultKind.SiloJoin or FaultKind.Step or FaultKind.Storm));

    // The share of an edge that was killed is kept for much longer than a run.
    private static bool IsShareLost(Schedule schedule) =>
        schedule.OnOutage == LimitOutage.Escrow && (IsUnheard(schedule.Faults) || Array.Exists(schedule.Faults, fault => fault.Kind == FaultKind.EdgeKill));

    // An edge ends as planned while something else goes wrong: perhaps nobody hears of it.
    private static bool IsUnheard(Fault[] faults) =>
        Array.Exists(faults, fault => fault.Kind == FaultKind.EdgeStop) && Array.Exists(faults, fault => fault.Kind is not (FaultKind.EdgeStop or FaultKind.Step));

    // Nobody is told to come at a time at which nothing can pass, nor to wait for longer than a window. What other edges have spent and not told, and what a limit
    // will be, is not known then; nor that an edge which slept has spent what it had in hand later than its lease allowed.
    private static IEnumerable<string> Waits(Schedule schedule, World world)
    {
        if (schedule.IsQuota || schedule.Change is not null || schedule.OnOutage != LimitOutage.Closed || world.Cluster.Lives.Count > 1
            || Array.Exists(schedule.Faults, fault => fault.Kind == FaultKind.EdgeSleep))
        {
            yield break;
        }

        var window = (long)(schedule.PeriodSeconds * Timeline.Second * (1 - (schedule.Drift / 1000)));
        var times = world.Log.Admissions.Select(admission => admission.At).ToArray();
        foreach (var arrival in world.Log.Arrivals.Where(arrival => arrival.Verdict == LimitVerdict.Exceeded))
        {
            var (at, told) = (arrival.DecidedAt!.Value, arrival.RetryAfterSeconds);
            var back = at + (long)(told * Timeline.Second * (1 + (schedule.Drift / 1000)));
            var spent = SlidingWindow.CountUntil(times, at) - SlidingWindow.CountUntil(times, back - window);
            if (spent >= schedule.Limit || told < 1 || told > schedule.PeriodSeconds)
            {
                yield return $"{at}: a client is told to wait for {told} s; {spent} of {schedule.Limit} tokens are in the window then.";
            }
        }
    }

    // Silos measure windows by clocks that may run faster than true time.
    private static (long Excess, long Unreported, long Outage, long Slept) Worst(Schedule schedule, AdmissionLog log, World world, long settled)
    {
        // While the limit changes, what either of the two allows; when all have the new one, what that allows.
        var (limit, period) = schedule.Final;
        var (excess, where) = Worst(schedule, log.Admissions, Math.Min(period, schedule.PeriodSeconds), Math.Max(limit, schedule.Limit));
        if (excess == 0 && schedule.Change is not null)
        {
            var first = log.Admissions.FindIndex(admission => admission.At >= settled);
            return first < 0 ? default : (Worst(schedule, log.Admissions[first..], period, limit).Excess, 0, 0, 0);
        }

        if (excess == 0)
        {
            return default;
        }

        var inside = log.Admissions.Take(where).ToArray();
        var silent = log.Silent.Where(entry => entry.At > inside[0].At).Select(entry => world.Cluster.Life(entry.Edge).Name).ToHashSet();
        return (
            excess,
            inside.Count(admission => silent.Contains(admission.Edge)),
            inside.Count(admission => admission.IsOutage),
            inside.Count(admission => log.Sleeps.Exists(sleep => sleep.Edge == admission.Edge && admission.LentAt < sleep.Until && sleep.Until <= admission.At)));
    }

    private static (long Excess, Range Where) Worst(Schedule schedule, List<Admission> admissions, int period, int limit) => SlidingWindow.Excess(
        [.. admissions.Select(admission => admission.At)], (long)(period * Timeline.Second * (1 - (schedule.Drift / 2000))), limit);
}
