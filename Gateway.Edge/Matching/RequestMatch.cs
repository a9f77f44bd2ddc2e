using Gateway.Edge.Models;

namespace Gateway.Edge.Matching;

/// <summary>What a request matched.</summary>
/// <param name="Api">The API; null when no API's host and path fit those of the request, and its scheme.</param>
/// <param name="Operation">The operation; null when the API has none for the request.</param>
internal readonly record struct RequestMatch(ApiModel? Api, OperationModel? Operation)
{
    /// <summary>
    /// Finds API and operation of a request. APIs that give the request's host go before those of a wildcard, a longer wildcard before
    /// a shorter one, those of every host come last; only where none of them has the path, the next ones are asked.
    /// </summary>
    /// <param name="apis">The APIs of the publication in force.</param>
    /// <param name="host">The host with or without a port, as sent; empty when the request names none.</param>
    /// <param name="isHttps">True for a request over TLS.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, decoded, with its leading slash.</param>
    /// <param name="query">The query as sent.</param>
    public static RequestMatch Find(
        ApiTable apis, ReadOnlySpan<char> host, bool isHttps, string method, ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        if (apis.HasHosts)
        {
            var name = RequestHost.NameOf(host);
            if (Find(apis.Exactly(name), isHttps, method, path, query) is { Api: not null } exact)
            {
                return exact;
            }

            for (var position = 0; apis.Below(name, ref position) is { } tree;)
            {
                if (Find(tree, isHttps, method, path, query) is { Api: not null } wildcard)
                {
                    return wildcard;
                }
            }
        }

        return Find(apis.Anywhere, isHttps, method, path, query);
    }

    private static RequestMatch Find(ApiTree? apis, bool isHttps, string method, ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        if (apis is null)
        {
            return default;
        }

        ApiModel? closest = null;
        foreach (var api in apis.Find(path, out var end))
        {
            if (!api.Serves(isHttps))
            {
                continue;
            }

            if (api.Operations.Find(method, path, end, query) is { } operation)
            {
                return new RequestMatch(api, operation);
            }

            closest ??= api;
        }

        return new RequestMatch(closest, null);
    }
}
