using Gateway.Edge.Models;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Caching;

/// <summary>
/// The gateway's own cache and the external one. A <c>caches</c> resource that changes is followed with the publication that brings the change: the next request that wants the
/// cache connects, and the old connection is closed.
/// </summary>
internal sealed class CacheLayers(EdgeOptions options, PublicationHolder publications, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly Lock _changing = new();
    private readonly CacheLayer _own = new(
        options.Cache.ConnectionString is { } connection ? new RedisCacheStore("Gateway:Cache:ConnectionString", connection, options, time, loggers.CreateLogger<RedisCacheStore>()) : null);

    private volatile External? _external;
    private Task _closing = Task.CompletedTask;

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
            var resource = publications.Current?.Service.Cache;
            var external = _external;
            return ReferenceEquals(resource, external?.Resource) ? external?.Layer : Change(resource);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing;
        await CloseAsync(_own);
        await CloseAsync(_external?.Layer);
    }

    private static Task CloseAsync(CacheLayer? layer) => layer?.Store is { } store ? store.DisposeAsync().AsTask() : Task.CompletedTask;

    private CacheLayer? Change(CacheInfo? resource)
    {
        lock (_changing)
        {
            if (!ReferenceEquals(resource, _external?.Resource))
            {
                var old = _external?.Layer;
                _external = resource is null ? null : new(resource, new(new(
                    $"the cache '{resource.Id}'", resource.ConnectionString, options, time, loggers.CreateLogger<RedisCacheStore>())));
                _closing = Task.WhenAll(_closing, CloseAsync(old));
            }

            return _external?.Layer;
        }
    }

    private sealed record External(CacheInfo Resource, CacheLayer Layer);
}
