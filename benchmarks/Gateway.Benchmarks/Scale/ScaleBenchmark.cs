namespace Gateway.Benchmarks.Scale;

/// <summary>
/// A large catalog on one site: how long its first publication takes, what a change costs beside the same change among ten APIs, what edges hold, how fast cold ones are
/// ready, and what requests notice of a swap.
/// </summary>
internal static class ScaleBenchmark
{
    private const int Few = 10;
    private const int WarmChanges = 300;
    private const int Rounds = 4;
    private const int ChangesPerRound = 50;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(45);

    /// <summary>Measures, for so long at most.</summary>
    public static async Task RunAsync(int apis, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(_limit);
        try
        {
            await MeasureAsync(apis, bound.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Given up after {_limit.TotalMinutes} minutes.");
        }
    }

    private static async Task MeasureAsync(int apis, CancellationToken cancellationToken)
    {
        await using var many = await ScaleSite.StartAsync(apis, apis * 10, cancellationToken);
        await using var few = await ScaleSite.StartAsync(Few, Few * 10, cancellationToken);
        await many.ChangeAsync(WarmChanges, cancellationToken);
        await few.ChangeAsync(WarmChanges, cancellationToken);
        Memory("after the first publication and some changes", many);

        var times = new Dictionary<ScaleSite, List<double>> { [many] = [], [few] = [] };
        var costs = new Dictionary<ScaleSite, List<(double Silo, double Edges)>> { [many] = [], [few] = [] };
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var site in round % 2 == 0 ? (ScaleSite[])[few, many] : [many, few])
            {
                var (taken, silo, edges) = await site.ChangeAsync(ChangesPerRound, cancellationToken);
                times[site].AddRange(taken);
                costs[site].Add((silo, edges));
            }
        }

        foreach (var site in (ScaleSite[])[few, many])
        {
            var ordered = times[site].Order().ToArray();
            Console.WriteLine(
                $"{site.Apis} APIs: PUT's answer to 2 edges and 50 feeds p50 {At(ordered, 0.5):F0} ms, p99 {At(ordered, 0.99):F0} ms of {ordered.Length}; "
                + $"CPU per change: silo {costs[site].Average(cost => cost.Silo):F1} ms, two edges {costs[site].Average(cost => cost.Edges):F1} ms");
        }

        await SwapBenchmark.RunAsync(many, few, cancellationToken);
        await ColdBenchmark.RunAsync(many, cancellationToken);
    }

    private static void Memory(string when, ScaleSite site) => Console.WriteLine(
        $"memory {when}: silo {site.Site.Silo.ResidentMb()} MB, edges {string.Join(" and ", site.Site.Edges.Select(edge => edge.Process.ResidentMb()))} MB");

    /// <summary>The value below which this share of ordered values lies; no number when there are none.</summary>
    internal static double At(double[] ordered, double share) => ordered.Length == 0 ? double.NaN : ordered[Math.Min(ordered.Length - 1, (int)(ordered.Length * share))];
}
