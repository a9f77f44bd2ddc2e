using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>The fixed periods of quotas, in milliseconds of the Unix epoch.</summary>
internal static class QuotaCalendar
{
    /// <summary>The end of a period that never ends.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The longest period, in seconds: a thousand years.</summary>
    public const long LongestSeconds = 31_556_952_000;

    /// <summary>The period that a moment lies in.</summary>
    public static (long Start, long End) PeriodAt(QuotaPeriod quota, long time)
    {
        var first = quota.FirstStart.ToUnixTimeMilliseconds();
        if (quota.Seconds == 0)
        {
            return (first, Never);
        }

        var length = quota.Seconds * 1000;
        var start = first + (Index(quota, time) * length);
        return (start, start + length);
    }

    /// <summary>The number of the period that a moment lies in, 0 for the first one.</summary>
    public static long Index(QuotaPeriod quota, long time) =>
        quota.Seconds == 0 ? 0 : FloorDivide(time - quota.FirstStart.ToUnixTimeMilliseconds(), quota.Seconds * 1000);

    private static long FloorDivide(long number, long by) => (number / by) - (number % by < 0 ? 1 : 0);
}
