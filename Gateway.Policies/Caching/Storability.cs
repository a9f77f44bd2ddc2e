using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Caching;

/// <summary>Which requests and responses are for a cache that many callers share.</summary>
internal static class Storability
{
    private const string Any = "*";

    // These say that the client knows a response already, or wants a part of it: what the backend answers is no response for others.
    private static readonly string[] s_conditions =
        [HeaderNames.IfMatch, HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfUnmodifiedSince, HeaderNames.IfRange, HeaderNames.Range];

    /// <summary>True when a cached response may answer the request: it only asks, and nothing is in it that its name does not hold.</summary>
    public static bool CanBeAnswered(PolicyContext context, bool allowPrivate)
    {
        var request = context.Http.Request;
        return IsGetOrHead(request.Method) && IsGetOrHead(context.OriginalMethod)
            && (allowPrivate || StringValues.IsNullOrEmpty(request.Headers.Authorization))
            && context.Http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }
            && request.ContentLength is null or 0
            && !request.Headers.ContainsKey(HeaderNames.IfMatch) && !request.Headers.ContainsKey(HeaderNames.IfUnmodifiedSince)
            && context.Http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true };
    }

    /// <summary>True when what the backend answers to the request is a whole response.</summary>
    public static bool AsksForTheWhole(PolicyContext context)
    {
        if (!HttpMethods.IsGet(context.Http.Request.Method) || !HttpMethods.IsGet(context.OriginalMethod))
        {
            return false;
        }

        foreach (var name in s_conditions)
        {
            if (context.Http.Request.Headers.ContainsKey(name))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when the response may be kept for others.</summary>
    /// <param name="response">The response, its headers being those of the backend.</param>
    /// <param name="anyStatus">False: only one of 200.</param>
    /// <param name="isPrivate">True when the backend means it for one caller.</param>
    public static bool MayBeKept(HttpResponse response, bool anyStatus, out bool isPrivate)
    {
        var control = response.Headers.CacheControl;
        isPrivate = Says(control, "private");
        return (anyStatus ? response.StatusCode is >= 200 and not (StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified) : response.StatusCode == StatusCodes.Status200OK)
            && !Says(control, "no-store")
            && StringValues.IsNullOrEmpty(response.Headers.SetCookie)
            && !response.Headers.ContainsKey(HeaderNames.ContentRange)
            && !VaryOf(response.Headers.Vary).Contains(Any);
    }

    /// <summary>True when the backend says that a response to a request with credentials is for others, too.</summary>
    public static bool IsForEverybody(HttpResponse response) =>
        Says(response.Headers.CacheControl, "public") || Says(response.Headers.CacheControl, "s-maxage");

    /// <summary>The request headers that a <c>Vary</c> names as choosing among responses, in lower case.</summary>
    public static SortedSet<string> VaryOf(StringValues vary)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var line in vary)
        {
            foreach (var name in (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                names.Add(name.ToLowerInvariant());
            }
        }

        return names;
    }

    private static bool IsGetOrHead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static bool Says(StringValues control, string directive)
    {
        foreach (var line in control)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                var said = line.AsSpan()[part].Trim();
                if (said.StartsWith(directive, StringComparison.OrdinalIgnoreCase) && (said.Length == directive.Length || said[directive.Length] is '=' or ' '))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
