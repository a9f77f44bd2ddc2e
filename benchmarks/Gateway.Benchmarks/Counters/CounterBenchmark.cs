using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Counters;

/// <summary>
/// What shared limits cost: memory per counter, calls that one silo answers, calls and waits of three edges that share 10 000 a minute; and the same limit by a call
/// to Redis for each request.
/// </summary>
internal static class CounterBenchmark
{
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        CounterMemoryUse.Report();
        await using (var site = await Site.StartAsync(edges: 0, edgeCore: null, inlineSockets: false, cancellationToken))
        {
            await AcquireLoad.ReportAsync(site, counters: 1, cancellationToken);
            await AcquireLoad.ReportAsync(site, counters: 16, cancellationToken);
            await RedisPerRequest.ReportAsync(site, cancellationToken);
        }

        await using var shared = await Site.StartAsync(edges: 3, edgeCore: null, inlineSockets: false, cancellationToken);
        await SharedLimit.ReportAsync(shared, cancellationToken);
    }
}
