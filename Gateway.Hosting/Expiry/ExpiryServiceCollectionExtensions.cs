using Gateway.Hosting.Nodes;
using Gateway.Hosting.Tls;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hosting.Expiry;

/// <summary>The watch over what ends.</summary>
public static class ExpiryServiceCollectionExtensions
{
    /// <summary>Adds it, over the node's certificates and whatever else is registered as an <see cref="IExpirySource"/>.</summary>
    public static IServiceCollection AddExpiryWatch(this IServiceCollection services, ServerCertificate certificate, ClusterCertificates? cluster)
    {
        services.AddSingleton<IExpirySource>(certificate);
        if (cluster is not null)
        {
            services.AddSingleton<IExpirySource>(cluster);
        }

        services.AddSingleton<ExpiryWatch>();
        services.AddSingleton<INodeStatusSource>(provider => provider.GetRequiredService<ExpiryWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<ExpiryWatch>());
        return services;
    }
}
