using System.Reflection;
using Gateway.Contracts.Backups;
using Gateway.Contracts.Caching;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;

namespace Gateway.Management.Tests.Support;

/// <summary>A grain factory in front of one catalog and one list of nodes in memory.</summary>
public class MemoryGrains : DispatchProxy
{
    private MemoryCatalog _catalog = null!;

    public static IGrainFactory Create(MemoryCatalog catalog)
    {
        var proxy = Create<IGrainFactory, MemoryGrains>();
        ((MemoryGrains)(object)proxy)._catalog = catalog;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var type = targetMethod!.GetGenericArguments()[0];
        if (type == typeof(IQuotaGrain))
        {
            return GrainProxy.Create<IQuotaGrain>(_catalog.Quotas.Of((string)args![0]!));
        }

        if (type == typeof(IFederationGrain))
        {
            return GrainProxy.Create<IFederationGrain>(_catalog.Federation.Of((string)args![0]!));
        }

        if (type == typeof(ISiteEventsGrain))
        {
            return GrainProxy.Create<ISiteEventsGrain>(_catalog.Federation);
        }

        if (type == typeof(ICacheRegionGrain))
        {
            return GrainProxy.Create<ICacheRegionGrain>(_catalog.Caches.Of((string)args![0]!));
        }

        if (type == typeof(IPublicationGrain))
        {
            return GrainProxy.Create<IPublicationGrain>(_catalog.Publications);
        }

        Assert.Equal(CatalogKeys.Service, args![0]);
        return type == typeof(ICatalogReader) ? GrainProxy.Create<ICatalogReader>(_catalog)
            : type == typeof(ICatalogWriter) ? GrainProxy.Create<ICatalogWriter>(_catalog)
            : type == typeof(IPolicySpeller) ? GrainProxy.Create<IPolicySpeller>(_catalog)
            : type == typeof(IBackupGrain) ? GrainProxy.Create<IBackupGrain>(_catalog.Backup!)
            : type == typeof(ILimitsGrain) ? GrainProxy.Create<ILimitsGrain>(_catalog)
            : type == typeof(ISiteGrain) ? GrainProxy.Create<ISiteGrain>(_catalog)
            : throw new NotSupportedException(type.Name);
    }
}
