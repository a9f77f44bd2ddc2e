using System.Collections.Concurrent;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;
using Gateway.Edge.Publications;
using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Edge.Tests.Publications;

/// <summary>One edge's feed with a data folder, against a fake silo; can be stopped and started again on the same folder.</summary>
internal sealed class FeedHarness : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feed").FullName;
    private ServiceProvider? _services;
    private IHostedService[] _hosted = [];

    public FeedHarness() => Silo = new FakeSilo(Key, Signer);

    /// <summary>Another edge of the same site, with a data folder and a fake silo of its own.</summary>
    public FeedHarness(FeedHarness sameSite) => (Key, Signer, Silo) = (sameSite.Key, sameSite.Signer, new FakeSilo(sameSite.Key, sameSite.Signer));

    public PublicationKey Key { get; } = SiteKey.Generate().Publication;

    public ManifestSigner Signer { get; } = ManifestSigner.Create();

    public FakeSilo Silo { get; set; }

    public WarningLog Log { get; } = new();

    public RecordingSink Sink { get; private set; } = new();

    /// <summary>Adds further services before the start.</summary>
    public Action<IServiceCollection>? More { get; set; }

    /// <summary>Stands in for the backup on disk when set before the start.</summary>
    public IPublicationBackup? Backup { get; set; }

    public T Service<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    public PublicationKeeper Keeper => _services!.GetRequiredService<PublicationKeeper>();

    public FeedState State => _services!.GetRequiredService<FeedState>();

    public string[] Reasons => [.. _services!.GetServices<IReadinessSource>().SelectMany(source => source.Reasons())];

    public INodeStatusSource Status => _services!.GetRequiredService<INodeStatusSource>();

    public string In(params string[] path) => Path.Combine([_folder, .. path]);

    public async Task StartAsync(Func<PublicationFeedOptions, PublicationFeedOptions>? change = null)
    {
        var options = new PublicationFeedOptions
        {
            Gateway = "managed",
            Node = "edge-1",
            DataPath = _folder,
            PollWait = TimeSpan.FromMilliseconds(100),
            RetryDelay = TimeSpan.FromMilliseconds(5),
            MaximumRetryDelay = TimeSpan.FromMilliseconds(20),
            BackupPath = In("backup"),
            BackupPeriod = TimeSpan.Zero,
        };
        Sink = new RecordingSink();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Log))
            .AddSingleton<IPublicationSink>(Sink)
            .AddSingleton<PublicationSource>(() => Silo);
        if (Backup is { } backup)
        {
            services.AddSingleton(backup);
        }

        More?.Invoke(services);
        _services = services.AddPublicationFeed(change?.Invoke(options) ?? options, Key).BuildServiceProvider();
        _hosted = [.. _services.GetServices<IHostedService>()];
        foreach (var hosted in _hosted)
        {
            await hosted.StartAsync(CancellationToken.None);
        }
    }

    public async Task StopAsync()
    {
        foreach (var hosted in _hosted.Reverse())
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Signer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The APIs of a publication by id.</summary>
    public static DecodedChunk<ApiChunk>[] Apis(PublicationContent content) => [.. content.Pages.SelectMany(page => page.Apis).OrderBy(api => api.Id, StringComparer.Ordinal)];

    public static ApiChunk Api(string id, string name = "name") => new() { Id = id, DisplayName = name, Path = id };

    /// <summary>Until the condition holds; the deadline's message says what was the case instead.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(20),
                $"{what}; running {State.Running}, rejected {State.Rejected}, polls {Silo.Polls}, reasons {string.Join(' ', Reasons)}");
            await Task.Delay(5);
        }
    }

    public Task RunsAsync(Manifest manifest) => UntilAsync(() => State.Running == manifest.Id, $"{manifest.Id} is in force");

    /// <summary>Until it is on disk.</summary>
    public Task IsKeptAsync(Manifest manifest) => UntilAsync(() => Keeper.Kept?.Id == manifest.Id, $"{manifest.Id} is on disk");

    public Task RejectsAsync(long number) => UntilAsync(() => Silo.LastPoll.Rejected?.Number == number, $"{number} is reported as rejected");
}

internal sealed class RecordingSink : IPublicationSink
{
    public ConcurrentQueue<PublicationContent> Applied { get; } = new();

    public Func<PublicationContent, Result<PublicationId>> Answer { get; set; } = content => content.Manifest.Id;

    public ValueTask<Result<PublicationId>> ApplyAsync(PublicationContent content, CancellationToken cancellationToken)
    {
        var answer = Answer(content);
        if (answer.IsSuccess)
        {
            Applied.Enqueue(content);
        }

        return ValueTask.FromResult(answer);
    }
}
