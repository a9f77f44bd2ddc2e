using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gateway.Site.Tests.Federation;

/// <summary>The line between a site and its hub: an HTTP proxy that passes bytes both ways (CONNECT) until it is cut.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private volatile bool _isCut;
    private int _connections;

    /// <summary>A proxy on one port that connects to another, both on loopback, whatever host it is asked for.</summary>
    public Wire(int port, int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _running = AcceptAsync();
    }

    /// <summary>Ends what is open and lets nothing through.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var client in _open.Keys)
        {
            client.Close();
        }
    }

    /// <summary>Lets connections through again.</summary>
    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        _listener.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            if (_isCut)
            {
                client.Close();
            }
            else
            {
                _ = PassAsync(client);
            }
        }
    }

    /// <summary>How often it was asked to connect.</summary>
    public int Connections => Volatile.Read(ref _connections);

    private async Task GreetAsync(NetworkStream client)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 8192 && !CollectionsMarshal.AsSpan(head).EndsWith("\r\n\r\n"u8))
        {
            await client.ReadExactlyAsync(one, _stop.Token);
            head.Add(one[0]);
        }

        if (!CollectionsMarshal.AsSpan(head).StartsWith("CONNECT "u8))
        {
            throw new IOException("A proxy was expected to be asked to connect.");
        }

        Interlocked.Increment(ref _connections);
        await client.WriteAsync("HTTP/1.1 200 Connected\r\n\r\n"u8.ToArray(), _stop.Token);
    }

    private async Task PassAsync(TcpClient client)
    {
        using var target = new TcpClient();
        _open[client] = true;
        try
        {
            await target.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            _open[target] = true;
            await GreetAsync(client.GetStream());
            await Task.WhenAny(client.GetStream().CopyToAsync(target.GetStream(), _stop.Token), target.GetStream().CopyToAsync(client.GetStream(), _stop.Token));
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // One of the two ends is gone: the other is closed below.
            client.Close();
        }
        finally
        {
            client.Close();
            _open.TryRemove(client, out _);
            _open.TryRemove(target, out _);
        }
    }
}
