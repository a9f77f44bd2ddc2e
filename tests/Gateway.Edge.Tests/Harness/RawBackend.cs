using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Edge.Tests.Harness;

/// <summary>A backend that answers every request with the same bytes, once it has the body that it wants, and closes the connection.</summary>
internal sealed class RawBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;
    private readonly int _bodyLength;
    private readonly Task _running;

    public RawBackend(string answer, int bodyLength = 0)
    {
        _bodyLength = bodyLength;
        _answer = Encoding.Latin1.GetBytes(answer);
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>The lines of the last request's head, each byte a character.</summary>
    public IReadOnlyList<string> Head { get; private set; } = [];

    public string Url => $"http://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _running;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
                var head = new List<string>();
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    head.Add(line);
                }

                Head = head;

                if (_bodyLength > 0)
                {
                    await reader.ReadBlockAsync(new char[_bodyLength]);
                }

                await stream.WriteAsync(_answer);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
