using Gateway.Edge.Models;

namespace Gateway.Edge.Matching;

/// <summary>What a request matched.</summary>
/// <param name="Api">The API; null when no API's path fits the request's path and scheme.</param>
/// <param name="Operation">The operation; null when the API has none for the request.</param>
internal readonly record struct RequestMatch(ApiModel? Api, OperationModel? Operation)
{
    /// <summary>Finds API and operation of a request.</summary>
    /// <param name="apis">The APIs of the publication in force.</param>
    /// <param name="isHttps">True for a request over TLS.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, decoded, with its leading slash.</param>
    /// <param name="query">The query as sent.</param>
    public static RequestMatch Find(ApiTree apis, bool isHttps, string method, ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
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
