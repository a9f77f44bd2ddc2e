using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Gateway.Edge.Backends;

/// <summary>Opens the connections of the pools.</summary>
internal sealed class BackendConnector(LoopGuard loops)
{
    /// <summary>Opens one.</summary>
    /// <param name="key">What it is for.</param>
    /// <param name="target">The backend, or the proxy on the way to it.</param>
    /// <param name="cancellationToken">Cancels when it takes too long, or nobody waits any more.</param>
    /// <exception cref="GatewayLoopException">A forwarded request would come back to this gateway.</exception>
    public async ValueTask<Stream> ConnectAsync(ConnectionKey key, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            if (!key.IsCall && socket is { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote } && loops.LeadsHere(local, remote))
            {
                throw new GatewayLoopException("The backend's address is one that this gateway listens on.");
            }

            var stream = new NetworkStream(socket, ownsSocket: true);
            return key.Proxy?.Url.Scheme == Uri.UriSchemeHttps ? await SecureAsync(stream, target.Host, cancellationToken) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// TLS towards a proxy, below that towards the backend. The handler's own would show the proxy the certificate that is meant for the backend, and
    /// trust any proxy on the way to a backend whose certificate is not to be judged.
    /// </summary>
    private static async Task<Stream> SecureAsync(NetworkStream connection, string proxy, CancellationToken cancellationToken)
    {
        var secured = new SslStream(connection);
        try
        {
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = proxy, ApplicationProtocols = [SslApplicationProtocol.Http11] }, cancellationToken);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }
}
