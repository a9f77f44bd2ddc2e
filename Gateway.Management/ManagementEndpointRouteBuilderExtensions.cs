using Gateway.Management.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Management;

/// <summary>Maps the management API.</summary>
public static class ManagementEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps everything below <c>/subscriptions</c>, and as a fallback every path that nothing else of the host answers, so
    /// that a mistyped address gets the same error envelope. Needs <c>AddManagement</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapManagement(this IEndpointRouteBuilder endpoints)
    {
        var entry = endpoints.ServiceProvider.GetRequiredService<ManagementEntry>();
        endpoints.Map("/subscriptions/{**path}", entry.HandleAsync).WithDisplayName("Management API");
        endpoints.MapFallback("{**path}", entry.HandleAsync).WithDisplayName("Management API (unknown path)");
        return endpoints;
    }
}
