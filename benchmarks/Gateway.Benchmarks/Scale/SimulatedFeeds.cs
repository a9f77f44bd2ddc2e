using System.Net;
using System.Text.Json;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Publications;
using Gateway.Policies.Expressions;
using Orleans.Configuration;

namespace Gateway.Benchmarks.Scale;

/// <summary>Feeds as edges have them, without the edges: each polls, takes what it is offered with the bodies that come along, and says so with the next poll.</summary>
internal sealed class SimulatedFeeds : IAsyncDisposable
{
    private static readonly TimeSpan _wait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly IHost _host;
    private readonly CancellationTokenSource _stop = new();
    private readonly long[] _running;
    private readonly Task[] _feeds;

    private SimulatedFeeds(IHost host, int count)
    {
        (_host, _running) = (host, new long[count]);
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPublicationGrain>(CatalogKeys.ManagedGateway);
        _feeds = [.. Enumerable.Range(0, count).Select(number => Task.Run(() => FollowAsync(grain, number)))];
    }

    public static async Task<SimulatedFeeds> StartAsync(Site site, int count, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, site.SiloGatewayPort));
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("gateway", "gateway"));
        });
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new SimulatedFeeds(host, count);
    }

    /// <summary>The newest number that every feed runs.</summary>
    public long Slowest => _running.Min();

    /// <summary>Waits until every feed runs a newer publication than this one.</summary>
    public Task PastAsync(long number, CancellationToken cancellationToken) =>
        Until.TrueAsync($"all feeds run more than {number}", () => Task.FromResult(Slowest > number), _patience, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_feeds);
        await _host.StopAsync();
        _host.Dispose();
        _stop.Dispose();
    }

    private async Task FollowAsync(IPublicationGrain grain, int number)
    {
        var position = new FeedPosition { Node = $"simulated-{number}", ExpressionAbis = [.. ExpressionAbi.Runs] };
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await grain.Next(position, _wait, _stop.Token) is { } offer)
                {
                    var id = JsonSerializer.Deserialize(offer.Signed.Payload, PublicationJson.Default.Manifest)!.Id;
                    position = position with { Running = id };
                    Volatile.Write(ref _running[number], id.Number);
                }
            }
            catch (OperationCanceledException)
            {
                // The measurement is over.
            }
            catch (Exception away) when (away is TimeoutException or OrleansException)
            {
                // As edges do: the silo is busy, or gone for good at the end.
                await Task.Delay(_pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
