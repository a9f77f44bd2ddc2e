using Gateway.Hosting.Running;
using Gateway.Hosting.Tls;

namespace Gateway.Edge.Peers;

/// <summary>Edges that help each other to start.</summary>
internal static class PeerServiceCollectionExtensions
{
    /// <summary>Adds what the options ask for: a listener, the start from a peer, both or nothing. The feed of publications takes them up.</summary>
    /// <exception cref="ExitException">There are no certificates: code 2.</exception>
    public static IServiceCollection AddPeers(this IServiceCollection services, PeerOptions options, ClusterCertificates? certificates)
    {
        if (options is { Port: null, Peers: [] })
        {
            return services;
        }

        if (certificates is null)
        {
            throw new ExitException(
                ExitCodes.Setting,
                "Gateway:Edge:Peers and Gateway:Edge:PeerPort need Gateway:ClusterTls:CertificatePath and Gateway:ClusterTls:CaPath: edges give each other publications by mutual TLS only.");
        }

        services.AddSingleton(options);
        services.AddSingleton(certificates);
        if (options.Port is not null)
        {
            services.AddSingleton<PeerShelf>();
            services.AddSingleton<PeerServer>();
            services.AddHostedService(provider => provider.GetRequiredService<PeerServer>());
        }

        return options.Peers.Count == 0 ? services : services.AddSingleton<PeerStart>();
    }
}
