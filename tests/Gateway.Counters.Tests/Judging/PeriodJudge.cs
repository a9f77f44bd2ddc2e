using Gateway.Counters.Tests.Schedules;

namespace Gateway.Counters.Tests.Judging;

/// <summary>Judges a quota: each of its periods by the grants that were made of it, and by the store's clock, by which it begins and ends.</summary>
internal static class PeriodJudge
{
    // Silos read the store's clock each 30 s and carry it on by their own, which are off by up to a hundredth.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(400);

    /// <summary>The most by which any period held more than the limit.</summary>
    public static long Excess(Schedule schedule, IReadOnlyCollection<Admission> admissions)
    {
        if (!schedule.IsPeriodic)
        {
            return Math.Max(0, admissions.Count - schedule.Limit);
        }

        var excess = Most(admissions.GroupBy(admission => admission.PeriodEnd)) - schedule.Limit;
        if (!IsStepped(schedule))
        {
            var period = TimeSpan.FromSeconds(schedule.PeriodSeconds);
            excess = Math.Max(excess, Most(Inside(admissions, period)) - schedule.Limit);
            excess = Math.Max(excess, admissions.Count(admission => admission.SiteTime > admission.PeriodEnd + Slack));
        }

        return Math.Max(0, excess);
    }

    /// <summary>True when the store's clock was set back: until it is where it was, the period goes on.</summary>
    public static bool GoesOn(Schedule schedule) => schedule.IsPeriodic && IsStepped(schedule);

    private static bool IsStepped(Schedule schedule) => Array.Exists(schedule.Faults, fault => fault.Kind == FaultKind.StoreStep);

    private static IEnumerable<IGrouping<long, Admission>> Inside(IEnumerable<Admission> admissions, TimeSpan period) => admissions
        .Where(admission => admission.SiteTime.Ticks % period.Ticks is var into && into > Slack.Ticks && into < (period - Slack).Ticks)
        .GroupBy(admission => admission.SiteTime.Ticks / period.Ticks);

    private static long Most<T>(IEnumerable<IGrouping<T, Admission>> periods) => periods.Select(period => (long)period.Count()).DefaultIfEmpty().Max();
}
