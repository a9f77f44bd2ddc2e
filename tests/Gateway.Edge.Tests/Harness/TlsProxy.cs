using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Edge.Tests.Harness;

/// <summary>An HTTP proxy that is spoken to over TLS. It asks its clients for a certificate, opens tunnels, and answers other requests by their first line.</summary>
internal sealed class TlsProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _accepting;
    private int _clientCertificates;
    private int _requests;
    private int _refusals;

    public TlsProxy(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Clients that showed a certificate.</summary>
    public int ClientCertificates => Volatile.Read(ref _clientCertificates);

    /// <summary>Requests read, tunnels among them.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Clients that ended before a request.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> clients = [];
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown is null || Interlocked.Increment(ref _clientCertificates) > 0,
                }, _stop.Token);
                var line = await ReadHeadAsync(tls);
                Interlocked.Increment(ref _requests);
                await (line.StartsWith("CONNECT ", StringComparison.Ordinal) ? TunnelAsync(tls, line.Split(' ')[1]) : AnswerAsync(tls, line));
            }
            catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException)
            {
                Interlocked.Increment(ref _refusals);
            }
        }
    }

    private async Task<string> ReadHeadAsync(SslStream tls)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await tls.ReadExactlyAsync(one, _stop.Token);
            head.Append((char)one[0]);
        }

        return head.ToString().Split("\r\n")[0];
    }

    private async Task AnswerAsync(SslStream tls, string line) =>
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {line.Length}\r\nConnection: close\r\n\r\n{line}"), _stop.Token);

    private async Task TunnelAsync(SslStream tls, string target)
    {
        using var far = new TcpClient();
        await far.ConnectAsync(IPEndPoint.Parse(target), _stop.Token);
        await tls.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _stop.Token);
        await using var beyond = far.GetStream();
        await Task.WhenAny(tls.CopyToAsync(beyond, _stop.Token), beyond.CopyToAsync(tls, _stop.Token));
    }
}
