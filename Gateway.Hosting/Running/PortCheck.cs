using System.Net;
using System.Net.Sockets;

namespace Gateway.Hosting.Running;

/// <summary>A port that a host is about to listen on.</summary>
/// <param name="Setting">The setting that gives it.</param>
/// <param name="Address">Where it will listen.</param>
/// <param name="Port">The port; 0 is never in use.</param>
public sealed record PortUse(string Setting, IPAddress Address, int Port);

/// <summary>Looks whether ports are free before anything starts, so that the message can name the setting.</summary>
public static class PortCheck
{
    /// <summary>Tries each.</summary>
    /// <exception cref="ExitException">Exit code 3 for the first that is in use, 2 for an address that this machine does not have.</exception>
    public static void Check(IEnumerable<PortUse> ports)
    {
        foreach (var use in ports.Where(use => use.Port != 0))
        {
            using var socket = new Socket(use.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                // As Kestrel does: connections of an ended process that linger in TIME_WAIT are no hindrance.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !OperatingSystem.IsWindows());
                if (use.Address.Equals(IPAddress.IPv6Any))
                {
                    socket.DualMode = true;
                }

                socket.Bind(new IPEndPoint(use.Address, use.Port));
                socket.Listen(1);
            }
            catch (SocketException refused)
            {
                throw Failure(use, refused);
            }
        }
    }

    /// <summary>The port asked for, or for 0 one that is free now; for listeners that cannot take 0 themselves.</summary>
    public static int Resolve(IPAddress address, int port)
    {
        if (port != 0)
        {
            return port;
        }

        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static ExitException Failure(PortUse use, SocketException refused) => refused.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new ExitException(ExitCodes.PortInUse, $"{use.Setting}: port {use.Port} is in use on {use.Address}.", refused),
        SocketError.AccessDenied => new ExitException(ExitCodes.PortInUse, $"{use.Setting}: port {use.Port} may not be opened by this user.", refused),
        _ => new ExitException(ExitCodes.Setting, $"{use.Setting}: {use.Address} cannot be listened on: {refused.Message}.", refused),
    };
}
