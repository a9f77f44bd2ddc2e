using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Nodes;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gateway.Edge.Publications;

/// <summary>The feed of publications on an edge.</summary>
public static class PublicationFeedServiceCollectionExtensions
{
    /// <summary>
    /// Adds the feed. The host adds the cluster client; the request path adds the <see cref="IPublicationSink"/>. Files in the data
    /// folder are read when the host is built, so that a damaged one ends the process with its reason.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">What to follow and where to keep what.</param>
    /// <param name="key">Opens publications.</param>
    public static IServiceCollection AddPublicationFeed(this IServiceCollection services, PublicationFeedOptions options, PublicationKey key)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(TrustStore.Open(options));
        services.AddSingleton(PublicationFloor.Open(options));
        var codec = new ChunkCodec(key);
        services.AddSingleton(new ChunkCache(codec, options.ExpressionAbis));
        services.AddSingleton<FeedState>();
        services.AddSingleton<IReadinessSource>(provider => provider.GetRequiredService<FeedState>());
        services.AddSingleton<INodeStatusSource>(provider => provider.GetRequiredService<FeedState>());
        if (options.BackupPath is { } path)
        {
            var keys = BackupKeys.Read(options, key);
            services.AddSingleton(provider => new PublicationBackup(path, keys, codec, provider.GetRequiredService<ILogger<PublicationBackup>>()));
            services.TryAddSingleton<IPublicationBackup>(provider => provider.GetRequiredService<PublicationBackup>());
        }

        services.TryAddSingleton<PublicationSource>(provider => () => provider.GetRequiredService<IClusterClient>().GetGrain<IPublicationGrain>(options.Gateway));
        services.AddSingleton<PublicationKeeper>();
        services.AddSingleton<PublicationIntake>();

        // The keeper stops after the feed, so that what came last is written.
        services.AddHostedService(provider => provider.GetRequiredService<PublicationKeeper>());
        services.AddHostedService<PublicationFeed>();
        return services;
    }
}
