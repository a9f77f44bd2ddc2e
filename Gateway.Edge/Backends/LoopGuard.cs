using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Edge.Backends;

/// <summary>
/// Knows the addresses this gateway listens on. Asked once per new connection, with the addresses the connection really has:
/// no name in front of the gateway can hide a loop through this process. Loops over other nodes end by the hop limit.
/// </summary>
internal sealed class LoopGuard(IServer server)
{
    private IPEndPoint[]? _listening;

    /// <summary>True when the connection leads to this gateway.</summary>
    /// <param name="local">The connection's address on this machine.</param>
    /// <param name="remote">The address it leads to.</param>
    public bool LeadsHere(IPEndPoint local, IPEndPoint remote)
    {
        var target = Plain(remote.Address);
        var isThisMachine = IPAddress.IsLoopback(target) || target.Equals(Plain(local.Address));
        foreach (var listening in _listening ?? Read())
        {
            if (listening.Port == remote.Port
                && (listening.Address.Equals(target) || (isThisMachine && IsAny(listening.Address))))
            {
                return true;
            }
        }

        return false;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsAny(IPAddress address) =>
        address.Equals(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any);

    private IPEndPoint[] Read()
    {
        List<IPEndPoint> found = [];
        foreach (var text in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            var address = BindingAddress.Parse(text);
            if (address.IsUnixPipe || address.IsNamedPipe)
            {
                continue;
            }

            if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            {
                found.Add(new IPEndPoint(IPAddress.Loopback, address.Port));
                found.Add(new IPEndPoint(IPAddress.IPv6Loopback, address.Port));
            }
            else
            {
                found.Add(new IPEndPoint(IPAddress.TryParse(address.Host, out var ip) ? Plain(ip) : IPAddress.IPv6Any, address.Port));
            }
        }

        // Before the server listens there are no addresses, or ports of 0: looked up again next time.
        if (found.Count > 0 && found.TrueForAll(endpoint => endpoint.Port != 0))
        {
            _listening = [.. found];
        }

        return [.. found];
    }
}
