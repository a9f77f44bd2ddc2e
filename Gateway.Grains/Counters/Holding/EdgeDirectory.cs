using System.Collections.Concurrent;
using System.Globalization;
using Gateway.Contracts.Counters;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Grains.Counters.Holding;

/// <summary>An edge that may hold tokens.</summary>
/// <param name="Life">The life of the edge.</param>
/// <param name="Observer">Where it is reached.</param>
/// <param name="Silence">How long ago any silo wrote down that it was heard; coarse.</param>
internal sealed record ListedEdge(Guid Life, ICounterEdge Observer, TimeSpan Silence);

/// <summary>
/// The site's edges, listed in the store before any of them gets its first token, so that whoever follows a lost holder knows whom to ask. One
/// list for all partitions: an edge costs one write a silo, and one each few seconds.
/// </summary>
internal sealed partial class EdgeDirectory(RedisStore store, CounterOptions options, IGrainFactory grains, TimeProvider clock, ILogger<EdgeDirectory> logger)
{
    private const int MostEdges = 10_000;

    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, Entry> _edges = new();
    private long _refreshedAt = clock.GetTimestamp();
    private volatile bool _isRefreshDue;
    private volatile int _listed;
    private volatile int _heard;

    /// <summary>An edge was heard. The first time in this silo it is listed, which is what the task is about.</summary>
    public Task NoteAsync(Guid life, ICounterEdge observer)
    {
        if (!_edges.TryGetValue(life, out var entry))
        {
            if (_edges.Count >= MostEdges)
            {
                throw new InvalidOperationException($"More than {MostEdges} edges ask this silo for tokens.");
            }

            entry = _edges.GetOrAdd(life, _ => new Entry(observer, new Lazy<Task>(() => ListAsync(life, observer))));
            _heard = _edges.Count;
        }

        entry.IsHeard = true;
        return entry.Listing.Value;
    }

    /// <summary>How many edges the site has heard lately, as far as this silo knows.</summary>
    public int Count => Math.Max(_listed, _heard);

    /// <summary>The edges that this silo has heard lately, without asking the store.</summary>
    public IReadOnlyList<(Guid Life, ICounterEdge Observer)> Known => [.. _edges.Select(edge => (edge.Key, edge.Value.Observer))];

    /// <summary>All edges listed, by whichever silo.</summary>
    public async Task<IReadOnlyList<ListedEdge>> ReadAsync()
    {
        var now = await store.TimeAsync();
        var listed = new List<ListedEdge>();
        foreach (var entry in await store.Database.HashGetAllAsync(store.Keys.CounterEdges))
        {
            if (Guid.TryParse((string?)entry.Name, out var life) && Parse(entry.Value) is var (heardAt, observer))
            {
                listed.Add(new ListedEdge(life, grains.GetGrain<ICounterEdge>(observer), now - heardAt));
            }
        }

        return listed;
    }

    /// <summary>The store was perhaps flushed: everything is listed again at the next refresh.</summary>
    public void Forgotten()
    {
        foreach (var entry in _edges.Values)
        {
            entry.IsHeard = true;
        }

        _isRefreshDue = true;
    }

    /// <summary>Every few seconds: writes down which edges were heard, and drops those that nobody hears any more.</summary>
    public async Task RefreshAsync()
    {
        if (!_isRefreshDue && clock.GetElapsedTime(_refreshedAt) < RefreshPeriod)
        {
            return;
        }

        _isRefreshDue = false;
        _refreshedAt = clock.GetTimestamp();
        var heard = _edges.Where(edge => edge.Value.IsHeard).ToArray();
        foreach (var (_, entry) in heard)
        {
            entry.IsHeard = false;
            entry.Silent = 0;
        }

        if (heard.Length > 0)
        {
            var now = await store.TimeAsync();
            await store.Database.HashSetAsync(store.Keys.CounterEdges, [.. heard.Select(edge => new HashEntry(edge.Key.ToString("N"), Format(edge.Value.Observer, now)))]);
        }

        foreach (var (life, entry) in _edges)
        {
            if (!entry.IsHeard && ++entry.Silent > options.ForgetEdgeAfter / RefreshPeriod)
            {
                _edges.TryRemove(life, out _);
            }
        }

        _heard = _edges.Count;
        var listed = await ReadAsync();
        var gone = listed.Where(edge => edge.Silence > options.ForgetEdgeAfter).Select(edge => (RedisValue)edge.Life.ToString("N")).ToArray();
        _listed = listed.Count - gone.Length;
        if (gone.Length > 0)
        {
            await store.Database.HashDeleteAsync(store.Keys.CounterEdges, gone);
        }
    }

    private async Task ListAsync(Guid life, ICounterEdge observer)
    {
        try
        {
            await WriteAsync(life, observer).WaitAsync(options.LeasePeriod, clock);
        }
        catch (Exception failure) when (RedisStore.IsOutage(failure) || failure is TimeoutException)
        {
            // Rate limits go on without the store; the edge is listed at the next refresh that works.
            Log.NotListed(logger, life, failure.GetType().Name);
        }
    }

    // By the store's clock: silos whose own are an hour apart would take each other's edges for gone.
    private async Task WriteAsync(Guid life, ICounterEdge observer) =>
        await store.Database.HashSetAsync(store.Keys.CounterEdges, life.ToString("N"), Format(observer, await store.TimeAsync()));

    private static string Format(ICounterEdge observer, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeSeconds()}|{observer.GetGrainId()}");

    private static (DateTimeOffset HeardAt, GrainId Observer)? Parse(string? text) =>
        text?.Split('|', 2) is [var seconds, var observer] && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var unix)
        && GrainId.TryParse(observer, out var id)
            ? (DateTimeOffset.FromUnixTimeSeconds(unix), id)
            : null;

    private sealed class Entry(ICounterEdge observer, Lazy<Task> listing)
    {
        public ICounterEdge Observer { get; } = observer;

        public Lazy<Task> Listing { get; } = listing;

        public bool IsHeard { get; set; }

        public int Silent { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The edge {Life} could not be listed in the state store ({Kind}); it gets tokens all the same.")]
        public static partial void NotListed(ILogger logger, Guid life, string kind);
    }
}
