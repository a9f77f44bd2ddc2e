using System.Collections.Concurrent;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Edge.Publications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Grains.Tests.Publications;

/// <summary>The feed of a real edge on a cluster of this process; what it takes is recorded in place of being served.</summary>
internal sealed class EdgeFeed : IAsyncDisposable, IPublicationSink
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-feed-").FullName;
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _hosted;

    private EdgeFeed(PublicationCluster site, string name, int[] expressionAbis)
    {
        var options = new PublicationFeedOptions
        {
            Gateway = "managed", Node = name, DataPath = _folder, BackupPath = Path.Combine(_folder, "backup"), ExpressionAbis = expressionAbis, PollWait = TimeSpan.FromMilliseconds(500), BackupPeriod = TimeSpan.Zero,
        };
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IPublicationSink>(this)
            .AddSingleton<PublicationSource>(() => site.Publications())
            .AddPublicationFeed(options, site.Key)
            .BuildServiceProvider();
        _hosted = [.. _services.GetServices<IHostedService>()];
    }

    /// <summary>What came into force, in order.</summary>
    public ConcurrentQueue<PublicationContent> Applied { get; } = new();

    private FeedState State => _services.GetRequiredService<FeedState>();

    public static async Task<EdgeFeed> StartAsync(PublicationCluster site, string name, params int[] expressionAbis)
    {
        var feed = new EdgeFeed(site, name, expressionAbis);
        foreach (var hosted in feed._hosted)
        {
            await hosted.StartAsync(CancellationToken.None);
        }

        return feed;
    }

    public ValueTask<Result<PublicationId>> ApplyAsync(PublicationContent content, CancellationToken cancellationToken)
    {
        Applied.Enqueue(content);
        return ValueTask.FromResult<Result<PublicationId>>(content.Manifest.Id);
    }

    /// <summary>Until what is in force suits; the deadline's message says what was the case instead.</summary>
    public async Task<PublicationContent> UntilAsync(Func<PublicationContent, bool> suits, string what)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (Applied.LastOrDefault() is not { } content || !suits(content))
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(60),
                $"{what}; running {State.Running}, position {State.Position}, {string.Join(' ', State.Reasons())}");
            await Task.Delay(10);
        }

        return Applied.Last();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _hosted.Reverse())
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
