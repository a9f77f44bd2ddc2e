using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Caching;

/// <summary>Answers with a part of a cached response, or with nothing of it, what asks for no more: <c>If-None-Match</c>, <c>If-Modified-Since</c>, <c>Range</c>.</summary>
internal static class PartOfResponse
{
    private const string Bytes = "bytes";

    /// <summary>Makes the response, which is whole, what the request asks for.</summary>
    public static void Choose(PolicyContext context, ReadOnlyMemory<byte> body)
    {
        var (request, response) = (context.Http.Request.Headers, context.Http.Response);
        if (response.StatusCode != StatusCodes.Status200OK)
        {
            return;
        }

        if (IsKnown(context.Http))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.Remove(HeaderNames.ContentType);
            response.Headers.Remove(HeaderNames.ContentEncoding);
            response.Headers.Remove(HeaderNames.ContentLanguage);
            context.ResponseBody = ReadOnlyMemory<byte>.Empty;
        }
        else if (request.Range.Count == 1 && HttpMethods.IsGet(context.OriginalMethod) && StandsFor(context.Http)
            && RangeHeaderValue.TryParse(request.Range.ToString(), out var range) && range is { Ranges.Count: 1 } && range.Unit == Bytes)
        {
            Cut(context, body, range.Ranges.First());
        }
    }

    /// <summary>True when the client says that it has the response.</summary>
    private static bool IsKnown(HttpContext http)
    {
        var (asked, answered) = (http.Request.GetTypedHeaders(), http.Response.GetTypedHeaders());
        if (http.Request.Headers.IfNoneMatch.Count == 0)
        {
            return asked.IfModifiedSince is { } since && answered.LastModified is { } modified && modified <= since;
        }

        foreach (var known in asked.IfNoneMatch)
        {
            if (known.Equals(EntityTagHeaderValue.Any) || (answered.ETag is { } tag && known.Compare(tag, useStrongComparison: false)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when a part is wanted of this response, not of another that the client has begun with.</summary>
    private static bool StandsFor(HttpContext http)
    {
        if (http.Request.Headers.IfRange.Count == 0)
        {
            return true;
        }

        var answered = http.Response.GetTypedHeaders();
        return http.Request.GetTypedHeaders().IfRange is { } begun
            && (begun.EntityTag is { } tag ? answered.ETag is { } own && own.Compare(tag, useStrongComparison: true)
                : begun.LastModified is { } date && answered.LastModified == date);
    }

    private static void Cut(PolicyContext context, ReadOnlyMemory<byte> body, RangeItemHeaderValue wanted)
    {
        var response = context.Http.Response;
        var (from, to) = wanted.From is { } first
            ? (first, Math.Min(wanted.To ?? long.MaxValue, body.Length - 1L))
            : (Math.Max(0, body.Length - (wanted.To ?? 0)), body.Length - 1L);
        if (from > to)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = $"{Bytes} */{body.Length}";
            context.ResponseBody = ReadOnlyMemory<byte>.Empty;
            return;
        }

        response.StatusCode = StatusCodes.Status206PartialContent;
        response.Headers.ContentRange = $"{Bytes} {from}-{to}/{body.Length}";
        context.ResponseBody = body[(int)from..(int)(to + 1)];
    }
}
