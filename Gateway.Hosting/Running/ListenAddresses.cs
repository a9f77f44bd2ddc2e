using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Hosting.Running;

/// <summary>From a bind address of the settings to a listener, and from a listener to a URL that reaches it.</summary>
public static class ListenAddresses
{
    /// <summary>Listens on an IP address, <c>localhost</c> (127.0.0.1 and, with a given port, ::1) or <c>*</c> (all).</summary>
    public static void Listen(KestrelServerOptions kestrel, string bindAddress, int port, Action<ListenOptions>? configure = null)
    {
        configure ??= _ => { };
        if (bindAddress == "*")
        {
            kestrel.ListenAnyIP(port, configure);
        }
        else if (bindAddress == "localhost" && port != 0)
        {
            kestrel.ListenLocalhost(port, configure);
        }
        else
        {
            kestrel.Listen(Address(bindAddress), port, configure);
        }
    }

    /// <summary>The one address to try a bind on.</summary>
    public static IPAddress Address(string bindAddress) => bindAddress switch
    {
        "*" => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.Parse(bindAddress),
    };

    /// <summary>A URL of a listener for callers on this machine.</summary>
    public static Uri Reachable(string url)
    {
        var any = url.Replace("[::]", "127.0.0.1", StringComparison.Ordinal)
            .Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)
            .Replace("//*", "//127.0.0.1", StringComparison.Ordinal);
        return new Uri(any);
    }
}
