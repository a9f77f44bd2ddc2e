using System.Globalization;
using Gateway.Benchmarks.Caching;
using Gateway.Benchmarks.Counters;
using Gateway.Benchmarks.Expressions;
using Gateway.Benchmarks.Proxying;
using Gateway.Benchmarks.Publishing;
using Gateway.Benchmarks.RequestPath;
using Gateway.Benchmarks.Scale;
using Gateway.Benchmarks.Starting;

// Run by benchmarks/run, which publishes the programs that are measured. See docs/performance.md for method and figures.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

switch (args)
{
    case ["proxy"]:
        await ProxyBenchmark.RunAsync(fullChain: true, inlineSockets: false, bareSpins: true, stop.Token);
        return 0;
    case ["proxy", "inline"]:
        await ProxyBenchmark.RunAsync(fullChain: true, inlineSockets: true, bareSpins: true, stop.Token);
        return 0;
    case ["proxy", "first"]:
        await ProxyBenchmark.RunAsync(fullChain: false, inlineSockets: false, bareSpins: true, stop.Token);
        return 0;
    case ["proxy", "alike"]:
        await ProxyBenchmark.RunAsync(fullChain: true, inlineSockets: false, bareSpins: false, stop.Token);
        return 0;
    case ["proxy", "jwt"]:
        await TokenRequestBenchmark.RunAsync(stop.Token);
        return 0;
    case ["cache"]:
        await CacheBenchmark.RunAsync(rounds: 15, stop.Token);
        return 0;
    case ["cache", var rounds]:
        await CacheBenchmark.RunAsync(int.Parse(rounds), stop.Token);
        return 0;
    case ["publish"]:
        await PublishBenchmark.RunAsync(stop.Token);
        return 0;
    case ["counters"]:
        await CounterBenchmark.RunAsync(stop.Token);
        return 0;
    case ["scale"]:
        await ScaleBenchmark.RunAsync(10_000, stop.Token);
        return 0;
    case ["scale", var apis]:
        await ScaleBenchmark.RunAsync(int.Parse(apis), stop.Token);
        return 0;
    case ["cold"]:
        await ColdBenchmark.RunAsync(10_000, stop.Token);
        return 0;
    case ["start"]:
        await StartBenchmark.RunAsync(stop.Token);
        return 0;
    case ["compile"]:
        CompileBenchmark.Run(stop.Token);
        return 0;
    case ["micro", ..]:
        MicroBenchmarks.Run(args[1..]);
        return 0;
    case ["bare-proxy", var port, var backend]:
        await BareProxy.RunAsync(int.Parse(port), backend);
        return 0;
    case ["paced-calls", var url, var seconds]:
        PacedCalls.Run(new Uri(url), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
        return 0;
    case ["redis-hit", var port, var redis]:
        await RedisPerHit.RunAsync(int.Parse(port), redis);
        return 0;
    default:
        Console.Error.WriteLine("usage: benchmarks/run proxy [inline|first|alike|jwt]|cache [ROUNDS]|publish|scale [APIs]|cold|counters|start|compile|micro");
        return 2;
}
