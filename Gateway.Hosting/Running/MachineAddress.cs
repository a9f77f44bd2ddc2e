using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Gateway.Hosting.Running;

/// <summary>The address that a silo tells others when the settings name none.</summary>
public static class MachineAddress
{
    /// <summary>The first IPv4 address of an interface that is up and not loopback; else 127.0.0.1.</summary>
    public static IPAddress FirstIPv4() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
        ?? IPAddress.Loopback;
}
