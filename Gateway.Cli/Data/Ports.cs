using Gateway.Hosting.Running;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Cli.Data;

/// <summary>Finds out whether ports are free.</summary>
internal sealed class Ports(Random random)
{
    // Below the range from which systems take the ports of outgoing connections: a port that is kept for the next start,
    // or used a moment later, is not taken by a connection meanwhile.
    private const int First = 20_000;
    private const int End = 30_000;
    private const int Attempts = 200;

    private readonly HashSet<int> _given = [];

    /// <summary>A port that nobody listens on now, and that was not given out before.</summary>
    public int Free(IPAddress address)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = random.Next(First, End);
            if (!_given.Contains(port) && IsFree(address, port))
            {
                _given.Add(port);
                return port;
            }
        }

        throw new ExitException(ExitCodes.PortInUse, $"No free port was found between {First} and {End} on {address}.");
    }

    /// <summary>The port that an option asks for; 0 asks for any free one.</summary>
    /// <exception cref="ExitException">It is in use, or another option asks for the same one.</exception>
    public int Claim(string option, int asked, IPAddress address)
    {
        if (asked == 0)
        {
            return Free(address);
        }

        if (!_given.Add(asked))
        {
            throw new ExitException(ExitCodes.Setting, $"{option}: port {asked} is also given to another option.");
        }

        return IsFree(address, asked)
            ? asked
            : throw new ExitException(ExitCodes.PortInUse, $"{option}: port {asked} is in use on {address}.");
    }

    /// <summary>The port kept from an earlier start when it is still free, else a new one.</summary>
    public int Keep(int kept, IPAddress address) =>
        kept != 0 && !_given.Contains(kept) && IsFree(address, kept) && _given.Add(kept) ? kept : Free(address);

    private static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As Kestrel does: connections of an ended process that linger in TIME_WAIT are no hindrance.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !OperatingSystem.IsWindows());
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
        catch (SocketException exception)
        {
            throw new ExitException(ExitCodes.Setting, $"--bind: {address} cannot be listened on: {exception.Message}.", exception);
        }
    }
}
