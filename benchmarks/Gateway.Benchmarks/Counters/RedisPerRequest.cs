using System.Diagnostics;
using Gateway.Benchmarks.Sites;
using StackExchange.Redis;

namespace Gateway.Benchmarks.Counters;

/// <summary>What most gateways do: a script in Redis for each request.</summary>
internal static class RedisPerRequest
{
    private const int Tasks = 64;
    private const string Script = "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('PEXPIRE', KEYS[1], 60000) end return n";
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(8);

    public static async Task ReportAsync(Site site, CancellationToken cancellationToken)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(site.RedisAddress);
        var database = redis.GetDatabase();
        var counts = new long[Tasks * 16];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = Enumerable.Range(0, Tasks).Select(task => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await database.ScriptEvaluateAsync(Script, [$"benchmark:{task}"]);
                counts[task * 16]++;
            }
        }, cancellationToken)).ToArray();

        await Task.Delay(_warmUp, cancellationToken);
        var (requests, cpu, own, clock) = (counts.Sum(), site.Redis.Cpu(), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        await Task.Delay(_window, cancellationToken);
        var (more, used, ownUsed) = (counts.Sum() - requests, site.Redis.Cpu() - cpu, Process.GetCurrentProcess().TotalProcessorTime - own);
        Console.WriteLine(
            $"Redis per request: {more / clock.Elapsed.TotalSeconds:F0}/s; Redis' CPU {used.TotalMicroseconds / more:F1} us a request, the client's {ownUsed.TotalMicroseconds / more:F1} us");
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }
}
