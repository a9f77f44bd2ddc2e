using Gateway.Contracts.Nodes;
using Gateway.Hosting.Settings;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hosting.Running;

/// <summary>What <see cref="EdgeSettings.InlineSockets"/> stands for.</summary>
public static class InlineSockets
{
    // The runtime reads it when the first socket is made, and has no other switch.
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Prepares the process; before its first socket.</summary>
    public static void Prepare(GatewaySettings settings, NodeRole role)
    {
        if (role == NodeRole.Edge && settings.Edge.InlineSockets)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }

    /// <summary>Prepares the server of an edge.</summary>
    public static void UseInlineSockets(this IWebHostBuilder host, GatewaySettings settings, NodeEnvironment environment)
    {
        if (settings.Edge.InlineSockets && !environment.AllInOne)
        {
            host.ConfigureServices(services => services.Configure<SocketTransportOptions>(options => options.UnsafePreferInlineScheduling = true));
        }
    }
}
