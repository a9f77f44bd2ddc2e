using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.RequestPath;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Proxying;

/// <summary>CPU per request of an edge with <c>validate-jwt</c> and a token that was found good before, beside the same request to an API without that policy: the first chain both.</summary>
internal static class TokenRequestBenchmark
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-benchmark-").FullName;
        var port = Ports.Free(1)[0];
        var backend = $"http://127.0.0.1:{port}";
        var sample = SampleToken.Make();
        await using var nginx = Backend.Start(port, core: 1, folder);
        await using var site = await Site.StartAsync(edges: 1, edgeCore: 0, inlineSockets: false, cancellationToken);
        await site.Management.ApplyAsync(
            [.. ProxyBenchmark.Resources(backend, ProxyBenchmark.FirstChain), .. ProxyBenchmark.Api("token", backend, sample.Policy + ProxyBenchmark.FirstChain)],
            cancellationToken);

        var (without, with) = (Edge("without validate-jwt", "/bench/x"), Edge("with validate-jwt", "/token/x"));
        await without.ServesAsync(_patience, cancellationToken);
        await with.ServesAsync(_patience, cancellationToken);
        await PairedRounds.RunAsync(without, with, cancellationToken);
        Directory.Delete(folder, recursive: true);

        Contender Edge(string name, string path)
        {
            var contender = new Contender(name, site.Edges[0].Process, new Uri(site.Edges[0].Address, path), ProxyBenchmark.Key);
            return contender with { Headers = new Dictionary<string, string>(contender.Headers) { ["Authorization"] = $"Bearer {sample.Token}" } };
        }
    }
}
