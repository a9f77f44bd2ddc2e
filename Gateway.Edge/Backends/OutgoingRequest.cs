using System.Diagnostics;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Edge.Backends;

/// <summary>What a forwarded request has that the client's has not.</summary>
/// <param name="uri">Where it goes.</param>
/// <param name="host">The Host header; null for the host of the URL.</param>
/// <param name="backend">The backend resource with its credentials; null when only a URL is known.</param>
internal sealed class OutgoingRequest(Uri uri, string? host, BackendModel? backend)
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>What the forwarder is told as destination. It decides by the scheme, and reports it in its telemetry.</summary>
    public string Prefix => uri.Scheme == Uri.UriSchemeHttps ? "https://backend" : "http://backend";

    /// <summary>Completes the request, whose headers are already the client's.</summary>
    public void Apply(HttpContext http, HttpRequestMessage request)
    {
        request.RequestUri = uri;
        request.Headers.Host = host;
        AddClient(http, request);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            Set(request, TraceParent, activity.Id);
            Set(request, TraceState, activity.TraceStateString);
        }

        if (backend is null)
        {
            return;
        }

        foreach (var (name, values) in backend.Headers)
        {
            Set(request, name, values);
        }

        if (backend.Authorization is { } authorization)
        {
            Set(request, HeaderNames.Authorization, authorization);
        }
    }

    private static void AddClient(HttpContext http, HttpRequestMessage request)
    {
        if (ClientAddress.TextOf(http) is not { } client)
        {
            return;
        }

        var earlier = http.Request.Headers[ForwardedFor.Header];
        if (StringValues.IsNullOrEmpty(earlier))
        {
            request.Headers.TryAddWithoutValidation(ForwardedFor.Header, client);
        }
        else
        {
            request.Headers.Remove(ForwardedFor.Header);
            request.Headers.TryAddWithoutValidation(ForwardedFor.Header, $"{earlier}, {client}");
        }
    }

    private static void Set(HttpRequestMessage request, string name, StringValues values)
    {
        request.Headers.Remove(name);
        if (values.Count == 0)
        {
            return;
        }

        if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values) && request.Content is { } content)
        {
            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }
}
