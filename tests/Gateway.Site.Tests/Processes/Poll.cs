using System.Diagnostics;

namespace Gateway.Site.Tests.Processes;

/// <summary>Waits for conditions, with a deadline and a report of what was missing.</summary>
internal static class Poll
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(50);

    public static Task UntilAsync(Func<bool> condition, TimeSpan patience, Func<string> missing) =>
        UntilAsync(() => Task.FromResult(condition()), patience, missing);

    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan patience, Func<string> missing)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > patience)
            {
                throw new TimeoutException($"After {patience}: {missing()}");
            }

            await Task.Delay(_interval);
        }
    }
}
