using System.Buffers;
using Gateway.Policies.Expressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Execution;

/// <summary>Reads bodies into memory for policies, and what the expressions of one may ask for that is about to run.</summary>
internal static class BodyLoader
{
    private const int ChunkSize = 16 * 1024;

    /// <summary>Makes available what the expressions may read; does nothing for what is already.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bodies">Which.</param>
    /// <param name="policy">The policy's name, for errors.</param>
    /// <exception cref="BodyTooLongException">A body is longer than the bound.</exception>
    public static async ValueTask LoadAsync(PolicyContext context, BodyUse bodies, string policy)
    {
        if ((bodies & BodyUse.Request) != 0 && context.RequestBody is null)
        {
            var has = HasRequestBody(context);
            // Also when reading fails: what is left of a body that was read in part must not be taken for the whole, by on-error.
            context.RequestBody = ReadOnlyMemory<byte>.Empty;
            if (has)
            {
                BodyChanges.KeepRequest(context, await ReadAsync(context, policy));
            }
        }

        if ((bodies & BodyUse.Response) != 0 && context.Expressions.ResponseBody is null)
        {
            context.Expressions.ResponseBody = HasResponseBody(context)
                ? await LoadAsync(context.Exchange!, context.BodyLimit, policy)
                : ReadOnlyMemory<byte>.Empty;
        }

        if ((bodies & BodyUse.Revocation) != 0 && context.Http.Connection.ClientCertificate is { } certificate)
        {
            context.ClientChain ??= await ClientCertificates.ChainOfAsync(context, certificate, withRevocation: true);
        }
    }

    /// <summary>The length that a body says it has, in bytes, before it is read; null without one, and for one that is in memory.</summary>
    public static long? AnnouncedLength(PolicyContext context, bool ofResponse) => ofResponse
        ? context.Expressions.ResponseBody is null && HasResponseBody(context) ? context.Http.Response.ContentLength : null
        : context.RequestBody is null && HasRequestBody(context) ? context.Http.Request.ContentLength : null;

    private static BodyTooLongException TooLong(string policy, string message, int limit) => new(
        ExpressionFailures.Evaluation(policy, $"{message} is longer than the {limit} bytes that policies can read.").Error, limit);

    private static async ValueTask<ReadOnlyMemory<byte>> LoadAsync(IBackendExchange exchange, int limit, string policy) =>
        await exchange.LoadBodyAsync(limit) ?? throw TooLong(policy, "The body of the response", limit);

    private static bool HasRequestBody(PolicyContext context)
    {
        var request = context.Http.Request;
        if (request.ContentLength == 0 || context.Http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
            || context.Http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true })
        {
            return false;
        }

        // What was sent is gone, unless it was kept and nobody is reading it now.
        return !context.HasForwarded || (context.Exchange is null && request.Body.CanSeek);
    }

    private static bool HasResponseBody(PolicyContext context) =>
        context.Exchange is { IsUpgrade: false }
        && !HttpMethods.IsHead(context.Http.Request.Method)
        && context.Http.Response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(PolicyContext context, string policy)
    {
        var (request, limit) = (context.Http.Request, context.BodyLimit);
        if (request.ContentLength > limit)
        {
            throw TooLong(policy, "The body of the request", limit);
        }

        if (request.Body.CanSeek)
        {
            request.Body.Position = 0;
        }

        // What a client announces costs nothing before it comes.
        var kept = new MemoryStream(request.ContentLength is { } length and <= ChunkSize ? (int)length : ChunkSize);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            int count;
            while ((count = await request.Body.ReadAsync(chunk, context.Http.RequestAborted)) > 0)
            {
                if (kept.Length + count > limit)
                {
                    throw TooLong(policy, "The body of the request", limit);
                }

                kept.Write(chunk, 0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        return kept.GetBuffer().AsMemory(0, (int)kept.Length);
    }
}
