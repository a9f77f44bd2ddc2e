using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Execution;

/// <summary>Puts bodies in memory into the place of those that come from client and backend.</summary>
internal static class BodyChanges
{
    /// <summary>The client's own body, which was read, is what is forwarded.</summary>
    public static void KeepRequest(PolicyContext context, ReadOnlyMemory<byte> body)
    {
        context.RequestBody = body;
        context.Http.Request.Body = Open(body);
    }

    /// <summary>Another body is forwarded instead of the client's.</summary>
    public static void ReplaceRequest(PolicyContext context, ReadOnlyMemory<byte> body)
    {
        KeepRequest(context, body);
        var request = context.Http.Request;
        // Removed, not set to nothing: the server keeps a header without values, and the forwarder fails over it.
        request.Headers.Remove(HeaderNames.TransferEncoding);
        request.Headers.Remove(HeaderNames.ContentEncoding);
        request.ContentLength = body.Length;
        context.Http.Features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(body.Length > 0));
    }

    /// <summary>Another body is sent to the client instead of the backend's; a switched protocol has none to replace.</summary>
    public static ValueTask ReplaceResponseAsync(PolicyContext context, ReadOnlyMemory<byte> body)
    {
        if (context.Exchange is { IsUpgrade: true })
        {
            return ValueTask.CompletedTask;
        }

        context.ResponseBody = body;
        return SettleAsync(context);
    }

    /// <summary>Drops the backend's body when there is another in its place.</summary>
    public static ValueTask SettleAsync(PolicyContext context) =>
        context is { ResponseBody: not null, Exchange: { } exchange } ? exchange.DiscardBodyAsync() : ValueTask.CompletedTask;

    /// <summary>A body as a stream that cannot be written.</summary>
    public static Stream Open(ReadOnlyMemory<byte> body) => MemoryMarshal.TryGetArray(body, out var bytes)
        ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
        : new MemoryStream(body.ToArray(), writable: false);

    /// <summary>The server's own says that a GET has no body, and the forwarder believes it.</summary>
    private sealed class BodyDetection(bool canHaveBody) : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => canHaveBody;
    }
}
