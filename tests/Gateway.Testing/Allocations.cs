namespace Gateway.Testing;

/// <summary>Counts what an act allocates.</summary>
public static class Allocations
{
    /// <summary>Bytes of one thousand runs, after a warm-up.</summary>
    public static long Of(Action act)
    {
        for (var run = 0; run < 100; run++)
        {
            act();
        }

        // The runtime may allocate for itself once while it compiles a method better: the best of some rounds is the act's own.
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var run = 0; run < 1000; run++)
            {
                act();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
