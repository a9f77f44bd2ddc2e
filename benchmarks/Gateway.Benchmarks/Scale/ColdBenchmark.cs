using System.Diagnostics;

namespace Gateway.Benchmarks.Scale;

/// <summary>How fast an edge that knows nothing serves a large catalog: from the silos, and from its backup when there are none.</summary>
internal static class ColdBenchmark
{
    private const int Rounds = 3;

    /// <summary>On a site of its own.</summary>
    public static async Task RunAsync(int apis, CancellationToken cancellationToken)
    {
        await using var site = await ScaleSite.StartAsync(apis, apis * 10, cancellationToken);
        await RunAsync(site, cancellationToken);
    }

    /// <summary>On a site, which has no silo afterwards.</summary>
    public static async Task RunAsync(ScaleSite site, CancellationToken cancellationToken)
    {
        await site.ChangeAsync(1, cancellationToken);
        for (var round = 0; round < Rounds; round++)
        {
            Console.WriteLine($"a cold edge from the silos: {await ReadyAsync(site, $"cold-{round}", cancellationToken)}");
            await site.Site.BackedUpAsync($"cold-{round}", cancellationToken);
            await site.Site.StopEdgeAsync($"cold-{round}");
        }

        await site.Site.StopSiloAsync();
        for (var round = 0; round < Rounds; round++)
        {
            Console.WriteLine($"the same from its backup, the silo gone: {await ReadyAsync(site, $"cold-{round}", cancellationToken)}");
            await site.Site.StopEdgeAsync($"cold-{round}");
        }
    }

    private static async Task<string> ReadyAsync(ScaleSite site, string name, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var edge = await site.Site.AddEdgeAsync(name, cancellationToken);
        await site.ServedAsync(edge, 4, site.Value, cancellationToken);
        return $"ready after {clock.Elapsed.TotalSeconds:F1} s, with {edge.Process.Cpu().TotalSeconds:F1} s of CPU, {edge.Process.ResidentMb()} MB";
    }
}
