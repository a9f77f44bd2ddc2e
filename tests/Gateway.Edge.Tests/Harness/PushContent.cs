using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;

namespace Gateway.Edge.Tests.Harness;

/// <summary>A gRPC-like request body that a test sends bit by bit.</summary>
internal sealed class PushContent : HttpContent
{
    private readonly Channel<string> _parts = Channel.CreateUnbounded<string>();

    public PushContent() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

    public ValueTask PushAsync(string text) => _parts.Writer.WriteAsync(text);

    public void Complete() => _parts.Writer.Complete();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.FlushAsync();
        await foreach (var part in _parts.Reader.ReadAllAsync())
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(part));
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
