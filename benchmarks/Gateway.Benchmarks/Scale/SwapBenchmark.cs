using System.Diagnostics;
using Gateway.Benchmarks.Processes;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// What requests to an edge notice of publications that it swaps in: those under way between a PUT and its being in force everywhere, beside the others, and beside those to the
/// same edge while a small site is changed in the same way on the same cores, which shows what is for want of a processor alone. Then the same once more with the edge and its
/// caller on one core and all the rest on the other, as if the edge had a machine of its own.
/// </summary>
internal static class SwapBenchmark
{
    private const int Rounds = 3;
    private const string All = "0,1";
    private static readonly TimeSpan _time = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Measures one site, that has many APIs, and another.</summary>
    public static async Task RunAsync(ScaleSite site, ScaleSite other, CancellationToken cancellationToken)
    {
        await RunAsync(site, other, null, cancellationToken);
        Console.WriteLine("the edge and its caller have one core, all the rest the other:");
        await PinAsync("0", "1");
        await RunAsync(site, other, 0, cancellationToken);
        await PinAsync(All, All);

        Task PinAsync(string own, string others)
        {
            var called = site.Site.Edges[0].Process;
            var all = new[] { site.Site, other.Site }.SelectMany(part => (IEnumerable<Child>)[part.Silo, part.Redis, .. part.Edges.Select(edge => edge.Process)]);
            return Task.WhenAll(all.Select(child => child.Id).Append(Environment.ProcessId)
                .Select(process => Cores.PinAsync(process, process == called.Id ? own : others, cancellationToken)));
        }
    }

    private static async Task RunAsync(ScaleSite site, ScaleSite other, int? core, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var still = await PacedCalls.MeasureAsync(site.CalledUrl, _time, core, cancellationToken);
            var own = await ChangeAsync(site, site, core, cancellationToken);
            var neighbour = await ChangeAsync(site, other, core, cancellationToken);
            Console.WriteLine($"requests without changes: {Text(still)}");
            Console.WriteLine($"requests during a swap: {Text(own.During)}; between: {Text(own.Between)}");
            Console.WriteLine($"requests during a swap of the other site: {Text(neighbour.During)}; between: {Text(neighbour.Between)}");
        }
    }

    private static async Task<(PacedCalls.Call[] During, PacedCalls.Call[] Between)> ChangeAsync(ScaleSite called, ScaleSite changed, int? core, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changing = ChangeUntilAsync(changed, stop.Token);
        var calls = await PacedCalls.MeasureAsync(called.CalledUrl, _time, core, cancellationToken);
        await stop.CancelAsync();
        var swaps = await changing;
        var parts = calls.ToLookup(call => swaps.Exists(swap => swap.Began < call.Ended && call.Began < swap.Ended));
        return ([.. parts[true]], [.. parts[false]]);
    }

    private static async Task<List<(long Began, long Ended)>> ChangeUntilAsync(ScaleSite site, CancellationToken stop)
    {
        for (var swaps = new List<(long, long)>(); ;)
        {
            try
            {
                var began = Stopwatch.GetTimestamp();
                await site.ChangeAsync(1, stop);
                swaps.Add((began, Stopwatch.GetTimestamp()));
                await Task.Delay(_pause, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return swaps;
            }
        }
    }

    private static string Text(PacedCalls.Call[] calls)
    {
        var times = calls.Select(call => call.Milliseconds).Order().ToArray();
        return $"p50 {ScaleBenchmark.At(times, 0.5):F2}, p90 {ScaleBenchmark.At(times, 0.9):F2}, p99 {ScaleBenchmark.At(times, 0.99):F2}, p99.9 {ScaleBenchmark.At(times, 0.999):F2} ms of {times.Length}, {calls.Count(call => !call.IsGood)} failed";
    }
}
