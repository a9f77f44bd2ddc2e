using System.Diagnostics;
using System.Net.Sockets;

namespace Gateway.Benchmarks.Processes;

/// <summary>Waits for something to become true.</summary>
internal static class Until
{
    /// <summary>Asks again and again; the time it took, or an exception that says what was waited for.</summary>
    public static async Task<TimeSpan> TrueAsync(string what, Func<Task<bool>> condition, TimeSpan deadline, CancellationToken cancellationToken, int pauseMs = 1)
    {
        var clock = Stopwatch.StartNew();
        while (!await HoldsAsync(condition))
        {
            if (clock.Elapsed > deadline)
            {
                throw new TimeoutException($"Not within {deadline.TotalSeconds} s: {what}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(pauseMs), cancellationToken);
        }

        return clock.Elapsed;
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (Exception refused) when (refused is HttpRequestException or SocketException)
        {
            return false;
        }
    }
}
