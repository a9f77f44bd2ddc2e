using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Grains.Federation;

/// <summary>A silo of a federated site.</summary>
public static class FederationServiceCollectionExtensions
{
    /// <summary>Makes the publications of this site those of its hub; needs the services of catalog, publications and nodes.</summary>
    public static IServiceCollection AddUpstream(this IServiceCollection services, UpstreamOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<HubPullerFactory>();
        services.AddSingleton<HubCatalog>();
        return services;
    }
}
