using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Policies.Routing;

/// <summary>
/// Goes where a backend's answer points, with the request as it is; after a 303, and a 301 or 302 to a POST, with a GET without a body (RFC 9110, 15.4). What is the
/// first host's business stays there: another one gets neither the credentials of the backend nor <c>Authorization</c> and cookies. A way from https to
/// http, and one that does not end, is not gone: its answer is the client's.
/// </summary>
internal static class RedirectFollower
{
    private const int Most = 10;

    public static bool IsRedirect(PolicyContext context) =>
        context.Http.Response.StatusCode is 301 or 302 or 303 or 307 or 308 && context.Http.Response.Headers.Location.Count == 1;

    public static async ValueTask FollowAsync(PolicyContext context, ForwardOptions options)
    {
        var target = context.Backend;
        var before = Kept.Of(context);
        try
        {
            for (var hop = 0; hop < Most && IsRedirect(context) && Next(target, context.Http.Response.Headers.Location.ToString()) is { } url; hop++)
            {
                var status = context.Http.Response.StatusCode;
                var exchange = context.Exchange!;
                context.Exchange = null;
                await exchange.DiscardAsync();
                await exchange.DisposeAsync();
                Aim(context, url);
                if (status == 303 || (status is 301 or 302 && HttpMethods.IsPost(context.Http.Request.Method)))
                {
                    BecomeGet(context);
                }

                context.Exchange = await context.ForwardAsync(options);
            }
        }
        finally
        {
            before.PutBack(context);
        }
    }

    private static Uri? Next(BackendTarget target, string location) =>
        Uri.TryCreate(Current(target), location, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && Current(target).Scheme == Uri.UriSchemeHttp))
            ? url
            : null;

    private static Uri Current(BackendTarget target) => new($"{target.BaseUrl}{target.Path}{target.WholeQuery}", UriKind.Absolute);

    private static void Aim(PolicyContext context, Uri url)
    {
        var target = context.Backend;
        target.Backend = target.Member ?? target.Backend;
        if (!url.GetLeftPart(UriPartial.Authority).Equals(Current(target).GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase))
        {
            target.Backend = target.Member = null;
            target.Host = null;
            target.Connection = target.Connection with { Certificate = null };
            context.Http.Request.Headers.Remove(HeaderNames.Authorization);
            context.Http.Request.Headers.Remove(HeaderNames.Cookie);
        }

        (target.BaseUrl, target.BaseQuery, target.Path, target.Query) = (url.GetLeftPart(UriPartial.Authority), "", url.AbsolutePath, url.Query);
    }

    private static void BecomeGet(PolicyContext context)
    {
        var request = context.Http.Request;
        request.Method = HttpMethods.IsHead(request.Method) ? request.Method : HttpMethods.Get;
        request.Headers.Remove(HeaderNames.ContentType);
        BodyChanges.ReplaceRequest(context, ReadOnlyMemory<byte>.Empty);
        request.Headers.Remove(HeaderNames.ContentLength);
    }

    /// <summary>The request as its policies made it: a further try, and expressions, begin with that.</summary>
    private sealed record Kept(
        BackendInfo? Backend, string? BaseUrl, string BaseQuery, string? Host, ConnectionChoice Connection, string Path, string Query,
        string Method, Stream Body, ReadOnlyMemory<byte>? RequestBody, IHttpRequestBodyDetectionFeature? Detection, KeyValuePair<string, StringValues>[] Headers)
    {
        private static readonly string[] s_names =
        [
            HeaderNames.Authorization, HeaderNames.Cookie, HeaderNames.ContentType, HeaderNames.ContentEncoding, HeaderNames.ContentLength, HeaderNames.TransferEncoding,
        ];

        public static Kept Of(PolicyContext context)
        {
            var (target, request) = (context.Backend, context.Http.Request);
            return new(
                target.Backend, target.BaseUrl, target.BaseQuery, target.Host, target.Connection, target.Path, target.Query,
                request.Method, request.Body, context.RequestBody, context.Http.Features.Get<IHttpRequestBodyDetectionFeature>(),
                [.. s_names.Where(request.Headers.ContainsKey).Select(name => KeyValuePair.Create(name, request.Headers[name]))]);
        }

        public void PutBack(PolicyContext context)
        {
            var (target, request) = (context.Backend, context.Http.Request);
            (target.Backend, target.BaseUrl, target.BaseQuery) = (Backend, BaseUrl, BaseQuery);
            (target.Host, target.Connection, target.Path, target.Query) = (Host, Connection, Path, Query);
            (request.Method, request.Body, context.RequestBody) = (Method, Body, RequestBody);
            context.Http.Features.Set(Detection);
            foreach (var name in s_names)
            {
                request.Headers.Remove(name);
            }

            foreach (var (name, values) in Headers)
            {
                request.Headers[name] = values;
            }
        }
    }
}
