using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gateway.Edge.Requests;

namespace Gateway.Edge.Backends;

/// <summary>The connection pools towards backends: one for each way of judging certificates.</summary>
internal sealed class BackendInvokers(EdgeOptions options, LoopGuard loops) : IDisposable
{
    private readonly ConcurrentDictionary<BackendTrust, HttpMessageInvoker> _pools = new();
    private HttpMessageInvoker? _usual;

    /// <summary>The pools of this way of judging certificates.</summary>
    public HttpMessageInvoker For(BackendTrust trust) =>
        trust == BackendTrust.Full ? _usual ??= Get(trust) : Get(trust);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }
    }

    private HttpMessageInvoker Get(BackendTrust trust) =>
        _pools.TryGetValue(trust, out var known) ? known : _pools.GetOrAdd(trust, Make);

    private HttpMessageInvoker Make(BackendTrust trust)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = options.UseSystemProxy,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = options.BackendConnectionLifetime,
            PooledConnectionIdleTimeout = options.BackendIdleTimeout,
            ConnectTimeout = options.BackendConnectTimeout,
            // What a policy drops is read to its end when it is short, so that the connection can be used again.
            MaxResponseDrainSize = 1024 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(2),
            // The exchange itself passes the trace on.
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
        };
        if (trust != BackendTrust.Full)
        {
            var accepted = (trust.Chain ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors)
                | (trust.Name ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateNameMismatch);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~accepted) == SslPolicyErrors.None;
        }

        return new HttpMessageInvoker(handler);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            if (socket is { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote } && loops.LeadsHere(local, remote))
            {
                throw new GatewayLoopException("The backend's address is one that this gateway listens on.");
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
