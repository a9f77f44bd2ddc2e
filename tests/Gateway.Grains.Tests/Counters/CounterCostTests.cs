using System.Globalization;
using Gateway.Grains.Tests.Counters.Simulation;
using Gateway.Testing;
using Xunit.Abstractions;
using static Gateway.Grains.Tests.Counters.Simulation.Scenario;

namespace Gateway.Grains.Tests.Counters;

/// <summary>What leases cost: requests turned away that one exact counter would have admitted, and messages. Windows of 60 s.</summary>
public sealed class CounterCostTests(ITestOutputHelper output)
{
    private static readonly (string Name, Func<Scenario, Scenario> Change)[] Workloads =
    [
        ("under 0.8", scenario => Rated(scenario, _ => 0.8)),
        ("steady 1.5", scenario => Rated(scenario, _ => 1.5)),
        ("hot 10", scenario => Rated(scenario, _ => 10)),
        ("bursty", scenario => Rated(scenario, now => now / Second % 30 < 2 ? 20 : 0.2)),
        ("skew", scenario => Rated(scenario, _ => 1.5) with { Balancer = (random, _, edges) => random.Next(10) == 0 ? random.Next(edges) : 0 }),
        ("flip", scenario => Rated(scenario, _ => 1.5) with { Balancer = (_, now, edges) => (int)(now / (7 * Second) % edges) }),
        ("deaths", scenario => Rated(scenario, _ => 1.5) with { EdgeDeaths = 0.05 }),
        ("holder lost", scenario => Rated(scenario, _ => 1.5) with { HolderLosses = [90 * Second] }),
        ("loss 1 %", scenario => Rated(scenario, _ => 1.5) with { Loss = 0.01 }),
    ];

    [Theory]
    [InlineData(10, 3, 0.05, 2.5)]
    [InlineData(100, 3, 0.03, 0.8)]
    [InlineData(100, 10, 0.03, 1.2)]
    [InlineData(10_000, 3, 0.02, 0.05)]
    [InlineData(10_000, 10, 0.02, 0.1)]
    public void Site_Steady_TurnsAwayLittleAndCallsSeldom(long limit, int edges, double under, double calls)
    {
        var run = SimulationRun.Of(Rated(Base(limit, edges, 1), _ => 1.5));

        output.WriteLine(run.ToString());
        Assert.Equal(0, run.Excess);
        Assert.InRange(run.Under, 0, under);
        Assert.InRange(run.CallsPerRequest, 0, calls);
    }

    /// <summary>Prints the table of docs/counters.md.</summary>
    [LongFact]
    public void Table()
    {
        foreach (var limit in (long[])[10, 100, 10_000])
        {
            foreach (var edges in (int[])[3, 10, 50])
            {
                var cells = Workloads.AsParallel().AsOrdered().Select(workload =>
                {
                    var runs = Enumerable.Range(1, limit > 1000 ? 2 : 6).Select(seed => SimulationRun.Of(workload.Change(Base(limit, edges, seed)))).ToArray();
                    Assert.All(runs, run => Assert.Equal(0, run.Excess));
                    return string.Create(CultureInfo.InvariantCulture, $"{100 * runs.Average(run => run.Under):0.0} / {runs.Average(run => run.CallsPerRequest):0.00#}");
                });
                output.WriteLine($"| {limit} × {edges} | {string.Join(" | ", cells)} |");
            }
        }

        output.WriteLine(string.Join(" | ", Workloads.Select(workload => workload.Name)));
    }

    private static Scenario Base(long limit, int edges, int seed) => new() { Seed = seed, Limit = limit, Edges = edges, Duration = 240 * Second, Rate = _ => 0 };

    private static Scenario Rated(Scenario scenario, Func<long, double> times) =>
        scenario with { Rate = now => times(now) * scenario.Limit / (scenario.Period / Second) };
}
