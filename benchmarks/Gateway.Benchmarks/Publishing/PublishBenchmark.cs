namespace Gateway.Benchmarks.Publishing;

/// <summary>
/// A change of one API among few and among many, on two sites side by side: time from the PUT until the second edge serves it, and what it
/// cost the silo and the edges in CPU. Cost must follow the change, not the catalog.
/// </summary>
internal static class PublishBenchmark
{
    private const int Rounds = 20;
    private const int ChangesPerRound = 100;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var few = await PublishSite.StartAsync(10, cancellationToken);
        await using var many = await PublishSite.StartAsync(1000, cancellationToken);
        await few.WarmUpAsync(cancellationToken);
        await many.WarmUpAsync(cancellationToken);
        var (ofFew, ofMany) = (new List<PublishSite.Window>(), new List<PublishSite.Window>());
        for (var round = 0; round < Rounds; round++)
        {
            // A,B then B,A: a neighbour's load moves both.
            foreach (var site in round % 2 == 0 ? (PublishSite[])[few, many] : [many, few])
            {
                (site == few ? ofFew : ofMany).Add(await site.MeasureAsync(ChangesPerRound, cancellationToken));
            }
        }

        Report(few, ofFew);
        Report(many, ofMany);
        Ratio("silo", ofFew, ofMany, window => window.SiloMs);
        Ratio("two edges", ofFew, ofMany, window => window.EdgesMs);
    }

    private static void Report(PublishSite site, List<PublishSite.Window> windows)
    {
        var times = windows.SelectMany(window => window.TimesMs).Order().ToList();
        Console.WriteLine(
            $"{site.Apis,5} APIs: PUT to second edge p50 {times[times.Count / 2]:F0} ms, worst of {times.Count} {times[^1]:F0} ms; "
            + $"CPU per change: silo {windows.Average(window => window.SiloMs):F1} ms, two edges {windows.Average(window => window.EdgesMs):F1} ms");
    }

    private static void Ratio(string what, List<PublishSite.Window> few, List<PublishSite.Window> many, Func<PublishSite.Window, double> cost)
    {
        var ratios = few.Zip(many, (one, other) => cost(other) / cost(one)).Order().ToList();
        Console.WriteLine($"{what}: many over few, paired: median {(ratios[(ratios.Count - 1) / 2] + ratios[ratios.Count / 2]) / 2:F2} ({ratios[0]:F2} - {ratios[^1]:F2})");
    }
}
