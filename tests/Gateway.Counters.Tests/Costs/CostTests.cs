using System.Globalization;
using Gateway.Testing;
using Xunit.Abstractions;

namespace Gateway.Counters.Tests.Costs;

/// <summary>What leases cost with the real classes: sliding windows of 60 s, a network of 0.3 to 1.1 ms a message.</summary>
public sealed class CostTests(ITestOutputHelper output)
{
    /// <summary>Prints the table of docs/counters.md: under / calls / waits; all of them in percent but the calls.</summary>
    [LongFact]
    public void Table()
    {
        var seeds = int.Parse(Environment.GetEnvironmentVariable("GATEWAY_COST_SEEDS") ?? "4", CultureInfo.InvariantCulture);
        output.WriteLine("| limit × edges | " + string.Join(" | ", Workload.All.Select(workload => workload.Name)) + " |");
        foreach (var limit in (int[])[10, 100, 10_000])
        {
            foreach (var edges in (int[])[3, 10, 50])
            {
                var cells = Workload.All.AsParallel().AsOrdered().Select(workload => Cell(limit, edges, workload, limit > 1000 ? 1 : seeds));
                output.WriteLine($"| {limit} × {edges} | {string.Join(" | ", cells)} |");
            }
        }
    }

    [Theory]
    [InlineData(10_000, 3, 0.02, 0.1)]
    [InlineData(10_000, 50, 0.1, 0.1)]
    public void Site_ManyRequests_CallsSeldom(int limit, int edges, double calls, double waits)
    {
        var run = CostRun.Of(limit, edges, Workload.All[1], 1);

        output.WriteLine(run.ToString());
        Assert.Equal(0, run.Over);
        Assert.InRange(run.Under, 0, 0.02);
        Assert.InRange(run.Calls, 0, calls);
        Assert.InRange(run.Waits, 0, waits);
    }

    private static string Cell(int limit, int edges, Workload workload, int seeds)
    {
        var runs = Enumerable.Range(1, seeds).Select(seed => CostRun.Of(limit, edges, workload, seed)).ToArray();
        Assert.All(runs, run => Assert.Equal(0, run.Over));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * runs.Average(run => run.Under):0.0} / {runs.Average(run => run.Calls):0.00#} / {100 * runs.Average(run => run.Waits):0}");
    }
}
