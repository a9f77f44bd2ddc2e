using Gateway.Contracts.Caching;
using Gateway.Edge.Models;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Caching;

/// <summary>
/// The gateway's own cache and the external one. A <c>caches</c> resource that changes is followed with the publication that brings the change: the next request that wants the
/// cache connects, and the old connection is closed.
/// </summary>
internal sealed class CacheLayers : IAsyncDisposable
{
    private readonly EdgeOptions _options;
    private readonly PublicationHolder _publications;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly RegionSource? _regions;
    private readonly CacheEdge? _edge;
    private readonly Lock _changing = new();
    private readonly CacheLayer _own;
    private volatile External? _external;
    private Task _closing = Task.CompletedTask;

    public CacheLayers(EdgeOptions options, PublicationHolder publications, TimeProvider time, ILoggerFactory loggers, RegionSource? regions = null, CacheEdge? edge = null)
    {
        (_options, _publications, _time, _loggers, _regions, _edge) = (options, publications, time, loggers, regions, edge);
        _own = Make(ICacheRegionGrain.Internal, "Gateway:Cache:ConnectionString", options.Cache.ConnectionString);
        _ = FollowAsync();
    }

    /// <summary>The cache that a policy means; null when there is none.</summary>
    public CacheLayer? For(CachingType type) => type switch
    {
        CachingType.Internal => _own,
        CachingType.External => OfResource,
        _ => OfResource ?? _own,
    };

    private CacheLayer? OfResource
    {
        get
        {
            var resource = _publications.Current?.Service.Cache;
            var external = _external;
            return ReferenceEquals(resource, external?.Resource) ? external?.Layer : Change(resource);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing;
        await _own.DisposeAsync();
        await CloseAsync(_external?.Layer);
    }

    private async Task FollowAsync()
    {
        await _publications.First;
        _own.Region.Follow();
        OfResource?.Region.Follow();
    }

    private static Task CloseAsync(CacheLayer? layer) => layer?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    private CacheLayer Make(string id, string name, string? connectionString)
    {
        var region = new CacheRegion(id, _regions, _options.NodeName, _options.Cache, _time, _loggers.CreateLogger<CacheRegion>());
        return connectionString is null
            ? new(region, null, null)
            : new(region, new(name, connectionString, _options, _time, _loggers.CreateLogger<RedisCacheStore>()), Elect(id));
    }

    /// <summary>What edges do not share need not be agreed on.</summary>
    private RefillElection? Elect(string id) =>
        _regions is null || _edge is null ? null : new(id, _regions, _edge, _options.Cache, _time, _loggers.CreateLogger<RefillElection>());

    private CacheLayer? Change(CacheInfo? resource)
    {
        lock (_changing)
        {
            if (!ReferenceEquals(resource, _external?.Resource))
            {
                var old = _external?.Layer;
                _external = resource is null ? null : new(resource, Make(resource.Id, $"the cache '{resource.Id}'", resource.ConnectionString));
                _closing = Task.WhenAll(_closing, CloseAsync(old));
            }

            return _external?.Layer;
        }
    }

    private sealed record External(CacheInfo Resource, CacheLayer Layer);
}
