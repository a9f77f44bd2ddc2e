using System.Net;
using System.Net.Sockets;

namespace Gateway.Site.Tests.Processes;

/// <summary>Ports for servers of a test, outside the range that outgoing connections take theirs from.</summary>
internal static class FreePorts
{
    private static readonly HashSet<int> _given = [];
    private static readonly Lock _lock = new();

    public static int Next()
    {
        lock (_lock)
        {
            while (true)
            {
                var port = Random.Shared.Next(10_300, 19_900);
                if (_given.Add(port) && IsFree(port))
                {
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
