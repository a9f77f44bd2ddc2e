using System.Diagnostics;
using System.Net;
using Gateway.Benchmarks.Sites;
using Gateway.Contracts.Counters;
using Orleans.Configuration;

namespace Gateway.Benchmarks.Counters;

/// <summary>Calls for tokens to one silo by an Orleans client, one after the other in each of some tasks; each task's counters are in a partition of its own.</summary>
internal static class AcquireLoad
{
    private const int Tasks = 64;
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(8);

    public static async Task ReportAsync(Site site, int counters, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, site.SiloGatewayPort));
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("gateway", "gateway"));
        });
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var edge = new SilentEdge();
        var observer = grains.CreateObjectReference<ICounterEdge>(edge);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var callers = Enumerable.Range(0, Tasks).Select(task => new Caller(grains, observer, task, counters)).ToArray();
        var running = callers.Select(caller => Task.Run(() => caller.RunAsync(stop.Token), stop.Token)).ToArray();

        await Task.Delay(_warmUp, cancellationToken);
        var (calls, cpu, own, clock) = (callers.Sum(caller => caller.Calls), site.Silo.Cpu(), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        await Task.Delay(_window, cancellationToken);
        var (more, used, ownUsed) = (callers.Sum(caller => caller.Calls) - calls, site.Silo.Cpu() - cpu, Process.GetCurrentProcess().TotalProcessorTime - own);
        Console.WriteLine(
            $"calls: {more / clock.Elapsed.TotalSeconds:F0}/s about {counters} counters each; the silo's CPU {used.TotalMicroseconds / more:F1} us a call, the client's {ownUsed.TotalMicroseconds / more:F1} us; "
            + $"granted {callers.Sum(caller => caller.Granted)} tokens");
        await stop.CancelAsync();
        await Task.WhenAll(running);
        await host.StopAsync(CancellationToken.None);
        GC.KeepAlive(edge);
    }

    private sealed class Caller(IGrainFactory grains, ICounterEdge observer, int task, int counters)
    {
        private readonly Guid _edge = Guid.NewGuid();
        private readonly ICounterPartitionGrain _partition = grains.GetGrain<ICounterPartitionGrain>(task);
        private readonly CounterId[] _counters = [.. Enumerable.Range(0, counters).Select(number => new CounterId((ulong)(number + 1), (ulong)task))];
        private long _epoch;
        private long _sequence;

        public long Calls { get; private set; }

        public long Granted { get; private set; }

        public async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var answer = await _partition.Acquire(Call(), CancellationToken.None);
                _epoch = Math.Max(_epoch, answer.Epoch);
                if (answer.Replies.Length == 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, answer.RetryAfterMilliseconds)), CancellationToken.None);
                    continue;
                }

                Calls++;
                Granted += answer.Replies.Sum(reply => reply.Granted);
            }
        }

        private LeaseCall Call() => new()
        {
            Edge = _edge,
            Observer = observer,
            Sequence = ++_sequence,
            Epoch = _epoch,
            Requests = [.. _counters.Select(counter => new LeaseRequest
            {
                Counter = counter,
                Definition = new CounterDefinition { Limit = 100_000_000, PeriodMilliseconds = 60_000 },
                Want = 10,
                Spent = Calls == 0 ? 0 : 10,
            })],
        };
    }

    private sealed class SilentEdge : ICounterEdge
    {
        public Task Recall(int partition, long epoch, CounterId[] counters) => Task.CompletedTask;

        public Task<CounterEcho> Echo(int partition, long epoch, CancellationToken cancellationToken) =>
            Task.FromResult(new CounterEcho { Edge = Guid.NewGuid(), Counters = [] });
    }
}
