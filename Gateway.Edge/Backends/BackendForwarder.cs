using System.Net;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Edge.Backends;

/// <summary>Sends requests to backends.</summary>
internal sealed class BackendForwarder(
    IHttpForwarder forwarder, BackendInvokers invokers, LiveExchanges live, EdgeOptions options, TimeProvider time)
{
    private const int BufferedInMemory = 64 * 1024;

    private static readonly PolicyException s_outOfUse = new(
        new LastError { Source = "forward-request", Reason = "CircuitBreakerOpen", Message = "The backend has failed too often and is out of use for a while." },
        StatusCodes.Status503ServiceUnavailable,
        "Service unavailable");

    private readonly ForwarderRequestConfig _http1 = Config(options, HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower);
    private readonly ForwarderRequestConfig _http2OrLower = Config(options, HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower);
    private readonly ForwarderRequestConfig _http2 = Config(options, HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);

    /// <summary>How this edge behaves.</summary>
    public EdgeOptions Options => options;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Prepares a request; nothing is sent yet.</summary>
    /// <exception cref="BackendFailedException">There is no usable destination, or the request runs in a circle.</exception>
    public BackendExchange Prepare(HttpContext http, BackendTarget target, ForwardOptions forward)
    {
        var backend = Choose(http.Request, target, out var session);
        if (target.BaseUrl is not { } baseUrl
            || !TargetUri.TryMake(baseUrl, target.Path, Join(target.WholeQuery, backend?.Query), out var uri))
        {
            throw new BackendFailedException(
                BackendFailure.NoDestination, "There is no backend URL, or it is not an absolute URL of http, https, ws or wss.");
        }

        if (ForwardedFor.IsTooLong(http.Request.Headers[ForwardedFor.Header]))
        {
            throw new BackendFailedException(BackendFailure.Loop, "The request has come through too many gateways.");
        }

        if (backend is { LacksCertificate: true } && target.Connection.Certificate is null)
        {
            throw new BackendFailedException(BackendFailure.ConnectionFailure, $"The backend '{backend.Id}' names certificates, and none of them is here with its private key.");
        }

        PrepareBody(http, forward);
        var config = Choose(http, uri, forward.HttpVersion);
        CancellationTokenSource? deadline = null;
        if (forward.Timeout is { } timeout)
        {
            deadline = new CancellationTokenSource(timeout, Time);
            config = timeout < options.ActivityTimeout ? config : config with { ActivityTimeout = timeout + options.ActivityTimeout };
        }

        return new BackendExchange(http, forwarder, live, Time)
        {
            Outgoing = new OutgoingRequest(uri, target.Host, backend),
            Invoker = invokers.For(backend?.Trust ?? BackendTrust.Full, target.Connection.Or(backend?.Connection ?? default), forward.ContinueTimeout),
            Config = config,
            Deadline = deadline,
            Circuit = backend?.Circuit,
            Session = session,
        };
    }

    /// <summary>The backend that a request goes to: of a pool one of its members.</summary>
    /// <exception cref="PolicyException">It is out of use.</exception>
    private BackendModel? Choose(HttpRequest request, BackendTarget target, out StringValues session)
    {
        session = default;
        if (target.Backend is not BackendModel named || named is { Pool: null, Circuit: null })
        {
            return target.Backend as BackendModel;
        }

        var now = Time.GetUtcNow();
        var chosen = named.Pool is { } pool ? pool.Choose(request, now, out session) : named.IsInUse(now) ? named : null;
        if (chosen is null)
        {
            throw s_outOfUse;
        }

        if (named.Pool is not null)
        {
            target.Member = chosen;
            target.BaseUrl = chosen.Url;
        }

        return chosen;
    }

    private static ForwarderRequestConfig Config(EdgeOptions options, Version version, HttpVersionPolicy policy) =>
        new() { ActivityTimeout = options.ActivityTimeout, Version = version, VersionPolicy = policy };

    private static string Join(string query, string? more) =>
        string.IsNullOrEmpty(more) ? query : query.Length == 0 ? $"?{more}" : $"{query}&{more}";

    /// <summary>A body that may be sent again is kept from its first try on, and rewound for each further one.</summary>
    private void PrepareBody(HttpContext http, ForwardOptions forward)
    {
        var request = http.Request;
        if (request.Body.CanSeek)
        {
            request.Body.Position = 0;
        }
        else if (forward.BufferRequestBody && http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false })
        {
            request.EnableBuffering(BufferedInMemory, options.BufferedRequestLimit);
        }
    }

    private ForwarderRequestConfig Choose(HttpContext http, Uri uri, ForwardHttpVersion version) => version switch
    {
        ForwardHttpVersion.Http1 => _http1,
        ForwardHttpVersion.Http2OrHttp1 => _http2OrLower,
        ForwardHttpVersion.Http2 => _http2,
        // gRPC needs HTTP/2 to the end, also without TLS.
        _ when IsGrpc(http.Request) => _http2,
        _ when uri.Scheme == Uri.UriSchemeHttps && !IsUpgrade(http) => _http2OrLower,
        _ => _http1,
    };

    private static bool IsGrpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol)
        && request.ContentType is { } type
        && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    private static bool IsUpgrade(HttpContext http) => http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };
}
