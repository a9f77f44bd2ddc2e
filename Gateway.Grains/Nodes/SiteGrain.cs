using Gateway.Contracts.Nodes;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gateway.Grains.Nodes;

/// <summary>
/// All nodes of the site. What is known is stored within a second, so that a new activation lists all nodes at once; while the store is
/// away it is kept in memory. Reentrant: a slow store delays nobody.
/// </summary>
[Reentrant]
internal sealed partial class SiteGrain(INodeStore store, NodeOptions options, ILogger<SiteGrain> logger) : Grain, ISiteGrain
{
    private static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(1);

    private readonly NodeBoard _board = new(options);
    private Task? _load;
    private bool _storeLost;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(SaveAsync, new GrainTimerCreationOptions(SavePeriod, SavePeriod));
        return LoadAsync();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await SaveAsync();

    public async Task<NodeStatus[]> Nodes(string gateway, CancellationToken cancellationToken)
    {
        await LoadAsync();
        return _board.List(gateway, options.Time.GetUtcNow());
    }

    public Task Observe(NodeStatus status)
    {
        _board.Observe(status);
        return Task.CompletedTask;
    }

    private Task LoadAsync() => _load ??= LoadOnceAsync();

    private async Task LoadOnceAsync()
    {
        try
        {
            _board.Load(await store.ReadAsync(), options.Time.GetUtcNow());
        }
        catch (Exception failure) when (RedisStore.IsOutage(failure))
        {
            Log.NotRead(logger, failure.GetType().Name);
            _load = null;
        }
    }

    private async Task SaveAsync()
    {
        var (changed, forgotten) = _board.Unsaved(options.Time.GetUtcNow());
        if (changed.Length == 0 && forgotten.Length == 0)
        {
            return;
        }

        try
        {
            await store.WriteAsync(changed, forgotten);
            _board.Saved(changed, forgotten);
            _storeLost = false;
        }
        catch (Exception failure) when (RedisStore.IsOutage(failure))
        {
            if (!_storeLost)
            {
                Log.NotSaved(logger, failure.GetType().Name);
            }

            _storeLost = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The stored list of nodes cannot be read ({Kind}); nodes are listed as they are heard.")]
        public static partial void NotRead(ILogger logger, string kind);

        [LoggerMessage(2, LogLevel.Warning, "The list of nodes cannot be stored ({Kind}); it is kept in memory.")]
        public static partial void NotSaved(ILogger logger, string kind);
    }
}
