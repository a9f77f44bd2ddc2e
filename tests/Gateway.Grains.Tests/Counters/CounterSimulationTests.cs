using Gateway.Grains.Tests.Counters.Simulation;
using Xunit.Abstractions;
using static Gateway.Grains.Tests.Counters.Simulation.Scenario;

namespace Gateway.Grains.Tests.Counters;

/// <summary>The promise of counters.md against a brute-force judge: no window, wherever it begins, holds more than the limit.</summary>
public sealed class CounterSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 100;

    [Fact]
    public void Site_MessagesLostRepeatedAndReordered_NeverAdmitsTooMuch() =>
        Never(seed => Any(seed) with { Loss = 0.05, Duplicates = 0.05, Stragglers = 0.03 });

    [Fact]
    public void Site_EdgesDieAndPause_NeverAdmitsTooMuch() => Never(seed => Any(seed) with { EdgeDeaths = 0.3, EdgePauses = 0.3 });

    [Fact]
    public void Site_EverythingButTheHolderFails_NeverAdmitsTooMuch() =>
        Never(seed => Any(seed) with { Loss = 0.03, Duplicates = 0.1, Stragglers = 0.02, EdgeDeaths = 0.1, EdgePauses = 0.2, HolderPauses = [7 * Second, 31 * Second] });

    [Fact]
    public void Site_PartitionHandedOver_NeverAdmitsTooMuch() =>
        Never(seed => Any(seed) with { Loss = 0.02, Duplicates = 0.05, Stragglers = 0.02, EdgeDeaths = 0.1, HandOvers = Times(seed, 20) });

    [Fact]
    public void Site_HolderLostAndEdgesEcho_NeverAdmitsTooMuch() =>
        Never(seed => Any(seed) with { Duplicates = 0.05, HolderLosses = Times(seed, 3) });

    [Fact]
    public void Site_LimitsChange_NeverAdmitsTooMuch() => Never(seed =>
    {
        var scenario = Any(seed);
        return scenario with { Duplicates = 0.02, Changes = [(9 * Second, (scenario.Limit / 3) + 1), (23 * Second, scenario.Limit * 2), (40 * Second, scenario.Limit)] };
    });

    private void Never(Func<int, Scenario> scenario)
    {
        var runs = new SimulationRun[Seeds];
        Parallel.For(0, Seeds, seed => runs[seed] = SimulationRun.Of(scenario(seed)));

        output.WriteLine($"requests {runs.Sum(run => run.Requests)}, admitted {runs.Sum(run => run.Admitted)}, under {runs.Average(run => run.Under):P2}");
        Assert.All(runs, (run, seed) => Assert.True(run.Excess == 0, $"Seed {seed}: {run.Excess} too many. {scenario(seed)}"));

        // A call that takes longer than a window speaks of tokens that are forgotten by then.
        Assert.All(runs, (run, seed) => Assert.True(run.Cut == 0 || scenario(seed).Stragglers > 0, $"Seed {seed}: an edge claimed tokens that were not lent. {scenario(seed)}"));
        Assert.True(runs.Sum(run => run.Admitted) > Seeds, "The runs admit next to nothing, so they prove nothing.");
    }

    // Windows of 1 to 20 s, limits of 1 to 3000, 1 to 12 edges, from idle to ten times too much, in bursts or not.
    private static Scenario Any(int seed)
    {
        var random = new Random(seed);
        var period = random.Next(1, 21) * Second;
        var limit = (long)Math.Pow(10, random.NextDouble() * 3.5);
        var load = Math.Pow(10, (random.NextDouble() * 1.5) - 0.5) * limit / (period / Second);
        var isBursty = random.Next(2) == 0;
        var flip = random.Next(3) == 0;
        return new Scenario
        {
            Seed = seed,
            Period = period,
            Limit = limit,
            Edges = random.Next(1, 13),
            Duration = 60 * Second,
            Rate = now => isBursty ? (now / Second % 7 == 0 ? Math.Min(5 * load, 3000) : load / 10) : Math.Min(load, 1000),
            Balancer = flip ? (_, now, edges) => (int)(now / (3 * Second) % edges) : (picker, _, edges) => picker.Next(edges),
        };
    }

    private static long[] Times(int seed, int count)
    {
        var random = new Random(seed + 1000);
        var step = 55 * Second / count;
        return [.. Enumerable.Range(0, count).Select(index => (2 * Second) + (index * step) + random.NextInt64(step / 4))];
    }
}
