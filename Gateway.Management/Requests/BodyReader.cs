using System.Text.Json.Nodes;
using Gateway.Contracts.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Management.Requests;

/// <summary>Reads a request's body up to a bound, whatever its content type says.</summary>
internal static class BodyReader
{
    /// <summary>Bytes of one resource at most.</summary>
    public const int ResourceBytes = 4 * 1024 * 1024;

    /// <summary>Bytes of a change set or an import at most.</summary>
    public const int LargeBytes = 64 * 1024 * 1024;

    private const int BytesPerValue = 16;
    private const int ChunkBytes = 64 * 1024;
    private const int DrainFactor = 2;

    /// <summary>The body as a JSON object; an empty body is an empty object.</summary>
    public static async Task<Result<RequestBody>> ReadAsync(HttpContext http, int maximumBytes)
    {
        var bytes = await ReadBytesAsync(http, maximumBytes);
        if (!bytes.IsSuccess)
        {
            return bytes.Errors;
        }

        var json = JsonBody.Parse(bytes.Value, maximumBytes / BytesPerValue);
        return json.IsSuccess ? new RequestBody(json.Value, bytes.Value.Length) : json.Errors;
    }

    /// <summary>The body as it is.</summary>
    public static async Task<Result<ReadOnlyMemory<byte>>> ReadBytesAsync(HttpContext http, int maximumBytes)
    {
        if (!string.IsNullOrEmpty(http.Request.Headers.ContentEncoding))
        {
            return new GatewayError(ErrorKind.ValidationError, "The body must come without Content-Encoding.") { Target = "Content-Encoding" };
        }

        // Our own count decides, so that the answer has our envelope; the server's bound stands behind what is drained.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = 1L + (DrainFactor * (long)maximumBytes);
        }

        var length = http.Request.ContentLength ?? 0;
        if (length > maximumBytes)
        {
            return await DrainAsync(http, length > DrainFactor * (long)maximumBytes ? 0 : length, maximumBytes);
        }

        using var buffer = new MemoryStream((int)length);
        var chunk = new byte[ChunkBytes];
        while (await http.Request.Body.ReadAsync(chunk, http.RequestAborted) is var read and > 0)
        {
            if (buffer.Length + read > maximumBytes)
            {
                return await DrainAsync(http, (DrainFactor - 1) * (long)maximumBytes, maximumBytes);
            }

            buffer.Write(chunk, 0, read);
        }

        return (ReadOnlyMemory<byte>)buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>The answer to a body above the bound.</summary>
    public static GatewayError TooLarge(int maximumBytes) =>
        new(ErrorKind.RequestTooLarge, $"The body is larger than {maximumBytes / (1024 * 1024)} MB.");

    // Most clients read no answer before they have sent everything: what is a little too large is read and thrown away,
    // so that they learn why. What is much too large is cut off.
    private static async Task<GatewayError> DrainAsync(HttpContext http, long maximumDrain, int maximumBytes)
    {
        var chunk = new byte[ChunkBytes];
        for (var drained = 0L; drained < maximumDrain;)
        {
            var read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted);
            drained += read;
            if (read == 0)
            {
                break;
            }
        }

        return TooLarge(maximumBytes);
    }
}

/// <summary>A body and how many bytes it came in.</summary>
internal sealed record RequestBody(JsonObject Json, int Length);
