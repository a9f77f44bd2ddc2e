using Gateway.Management;
using Gateway.Management.Backups;
using Gateway.Management.Changes;
using Gateway.Management.Federation;
using Gateway.Management.Import;
using Gateway.Management.Caching;
using Gateway.Management.Limits;
using Gateway.Management.Nodes;
using Gateway.Management.Publications;
using Gateway.Management.Quotas;
using Gateway.Management.Requests;
using Gateway.Management.Resources;
using Gateway.Management.Rollouts;
using Gateway.Management.Service;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the management API.</summary>
public static class ManagementServiceCollectionExtensions
{
    /// <summary>Adds what <c>MapManagement</c> maps. The host must also offer an <see cref="IGrainFactory"/>.</summary>
    /// <exception cref="ArgumentException">The admin token is empty.</exception>
    public static IServiceCollection AddManagement(this IServiceCollection services, ManagementOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.AdminToken);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(new AdminToken(options.AdminToken));
        services.AddSingleton<Catalog>();
        services.AddSingleton<ServiceHandler>();
        services.AddSingleton<BackupHandler>();
        services.AddSingleton<GatewayFinder>();
        services.AddSingleton<NodesHandler>();
        services.AddSingleton<PublicationsHandler>();
        services.AddSingleton<RolloutHandler>();
        services.AddSingleton<Convergence>();
        services.AddSingleton<QuotasHandler>();
        services.AddSingleton<LimitsHandler>();
        services.AddSingleton<PurgeHandler>();
        services.AddSingleton<HotKeysHandler>();
        services.AddSingleton<ApiImport>();
        services.AddSingleton<WebSocketHandshake>();
        services.AddSingleton<ChangePlanner>();
        services.AddSingleton<ChangeSetHandler>();
        services.AddSingleton<LinkReader>();
        services.AddSingleton<PolicyFormat>();
        services.AddSingleton<ResourceReadHandler>();
        services.AddSingleton<ResourceWriteHandler>();
        services.AddSingleton<CollectionHandler>();
        services.AddSingleton<ActionHandler>();
        services.AddSingleton<ManagementDispatcher>();
        services.AddSingleton<ManagementEntry>();
        services.AddSingleton<RequestGuard>();
        services.AddSingleton<GatewayTokenCheck>();
        services.AddSingleton<FederationEntry>();
        services.AddSingleton<UpstreamHandler>();
        services.AddSingleton<SiteEventsHandler>();
        return services;
    }
}
