namespace Gateway.Grains.Counters.Ledgers;

/// <summary>Spans that an edge has measured, in milliseconds: its clock may run at another pace than ours by one per cent.</summary>
internal static class SlowClock
{
    /// <summary>What has passed at least.</summary>
    public static long Less(long milliseconds) => milliseconds - (milliseconds / 100) - (milliseconds % 100 == 0 ? 0 : 1);

    /// <summary>What passes at most.</summary>
    public static long More(long milliseconds) => milliseconds + (milliseconds / 100) + 1;
}
