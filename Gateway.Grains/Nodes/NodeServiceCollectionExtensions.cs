using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Grains.Nodes;

/// <summary>Adds the list of nodes to a silo.</summary>
public static class NodeServiceCollectionExtensions
{
    /// <summary>What the grains of nodes need; the catalog's services bring the state store.</summary>
    public static IServiceCollection AddNodes(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton<INodeStore, RedisNodeStore>();
        return services;
    }
}
