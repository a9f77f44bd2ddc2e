using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Policies.Expressions.Context;

/// <summary>A URL as expressions see it.</summary>
internal sealed class UrlView : IUrl
{
    private readonly (string? Base, string BaseQuery, string Path, string Query) _source;

    private UrlView(string scheme, string host, int port, string path, string query)
    {
        (Scheme, Host, Port, Path, QueryString) = (scheme, host, port, path.Length == 0 ? "/" : path, query);
    }

    private UrlView(Uri root, BackendTarget target)
        : this(root.Scheme, root.Host, root.Port, root.AbsolutePath.TrimEnd('/') + target.Path, target.WholeQuery) =>
        _source = (target.BaseUrl, target.BaseQuery, target.Path, target.Query);

    public string Host { get; }

    public string Path { get; }

    public int Port { get; }

    public IReadOnlyDictionary<string, string[]> Query => field ??= Parse();

    public string QueryString { get; }

    public string Scheme { get; }

    /// <summary>A URL on the gateway, as the client asked for it.</summary>
    public static UrlView OfClient(PolicyContext policies, string path, string query)
    {
        var (request, host) = (policies.Http.Request, policies.OriginalHost);
        return new(request.Scheme, host.Host, host.Port ?? (request.IsHttps ? 443 : 80), path, query);
    }

    /// <summary>Where the request is going to be forwarded to; on the gateway itself while no backend is known.</summary>
    public static UrlView OfBackend(PolicyContext policies) => policies.Backend.BaseUrl is { } text
        ? new(new Uri(text, UriKind.Absolute), policies.Backend)
        : OfClient(policies, policies.Backend.Path, policies.Backend.Query);

    /// <summary>The URL of an absolute address.</summary>
    public static UrlView OfAddress(string address)
    {
        var uri = new Uri(address, UriKind.Absolute);
        return new(uri.Scheme, uri.Host, uri.Port, uri.AbsolutePath, uri.Query);
    }

    /// <summary>True while the target is what this was made of.</summary>
    public bool IsOf(BackendTarget target) => _source == (target.BaseUrl, target.BaseQuery, target.Path, target.Query);

    public override string ToString() => $"{Scheme}://{Host}{(Port == (Scheme is "https" or "wss" ? 443 : 80) ? "" : $":{Port}")}{Path}{QueryString}";

    public Uri ToUri() => new(ToString(), UriKind.Absolute);

    private ValueLists Parse()
    {
        var values = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, found) in QueryHelpers.ParseQuery(QueryString))
        {
            values[name] = [.. found.Select(value => value ?? "")];
        }

        return new(values);
    }
}
