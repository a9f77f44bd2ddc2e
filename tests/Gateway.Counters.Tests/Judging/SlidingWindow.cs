namespace Gateway.Counters.Tests.Judging;

/// <summary>Counts in windows, by brute force over all that begin with an admission.</summary>
internal static class SlidingWindow
{
    /// <summary>The window that holds most beyond the limit.</summary>
    /// <param name="admissions">When requests passed, in order.</param>
    /// <param name="window">Its length.</param>
    /// <param name="limit">What it may hold.</param>
    /// <returns>How much too many, 0 and up; and which admissions, as a range.</returns>
    public static (long Excess, Range Where) Excess(IReadOnlyList<long> admissions, long window, int limit)
    {
        var worst = (Excess: 0L, Where: 0..0);
        var end = 0;
        for (var first = 0; first < admissions.Count; first++)
        {
            while (end < admissions.Count && admissions[end] - admissions[first] < window)
            {
                end++;
            }

            if (end - first - limit > worst.Excess)
            {
                worst = (end - first - limit, first..end);
            }
        }

        return worst;
    }

    /// <summary>How many of some times, in order, are not after a moment.</summary>
    public static int CountUntil(long[] times, long moment)
    {
        var (from, to) = (0, times.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = times[middle] <= moment ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
