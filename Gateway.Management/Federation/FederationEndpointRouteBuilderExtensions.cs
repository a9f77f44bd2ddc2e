using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Management.Federation;

/// <summary>Maps what a hub serves to sites.</summary>
public static class FederationEndpointRouteBuilderExtensions
{
    private const string Site = "/federation/v1/gateways/{gateway}";

    /// <summary>Maps everything below <c>/federation/v1</c>. Needs <c>AddManagement</c>; answered over https only, to gateway tokens only.</summary>
    public static IEndpointRouteBuilder MapFederation(this IEndpointRouteBuilder endpoints)
    {
        var entry = endpoints.ServiceProvider.GetRequiredService<FederationEntry>();
        endpoints.MapGet(Site + "/manifest", entry.ManifestAsync).WithDisplayName("Federation: manifest");
        endpoints.MapGet(Site + "/chunks/{name}", entry.ChunkAsync).WithDisplayName("Federation: chunk");
        endpoints.MapPost(Site + "/heartbeat", entry.HeartbeatAsync).WithDisplayName("Federation: heartbeat");
        endpoints.MapPost(Site + "/events", entry.EventsAsync).WithDisplayName("Federation: events");
        return endpoints;
    }
}
