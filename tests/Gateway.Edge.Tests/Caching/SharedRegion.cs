using Gateway.Contracts.Caching;
using Gateway.Contracts.Results;
using Gateway.Grains.Caching;

namespace Gateway.Edge.Tests.Caching;

/// <summary>The region of a cache that edges share, as the grain keeps it; nothing is purged.</summary>
internal sealed class SharedRegion : ICacheRegionGrain
{
    private readonly RefillBook _book = new(TimeProvider.System);
    private int _calls;

    /// <summary>Calls about what is missing.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>An edge of which nothing comes any more.</summary>
    public ICacheEdge? Dead { get; set; }

    /// <summary>True: it does not answer calls about what is missing.</summary>
    public bool IsSilent { get; set; }

    public Task<Result<long>> Purge(CacheScope scope, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>What an edge has told last of what requests look for most.</summary>
    public CacheUse? Use { get; private set; }

    public Task Report(CacheUse use)
    {
        Use = use;
        return Task.CompletedTask;
    }

    public Task<HotResponse[]> Hottest(int most, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<CacheEpochs?> Next(long known, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (known == 0)
        {
            return new() { Current = 1, Purges = [] };
        }

        await Task.Delay(wait, cancellationToken);
        return null;
    }

    public async Task<RefillWord[]> Elect(RefillCall call, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Interlocked.Increment(ref _calls);
        if (IsSilent || call.Edge == Dead)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        RefillWord[] words;
        Dictionary<ICacheEdge, List<UInt128>> told;
        lock (_book)
        {
            words = _book.Take(call, out told);
        }

        foreach (var (edge, entries) in told)
        {
            await edge.RefillsEnded(ICacheRegionGrain.Internal, [.. entries]);
        }

        return words;
    }
}
