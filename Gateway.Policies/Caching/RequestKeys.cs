using System.Collections.Frozen;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Caching;

/// <summary>
/// Names the response that a request may get. Whatever the gateway knows to tell requests apart is in the name: who asks for which operation over which host, where
/// the request would go, and what the policy names. Every part has its length before it, so no value can pass for two.
/// </summary>
internal static class RequestKeys
{
    // They override what the request line says, to a backend that believes them: who sends one gets an entry apart, not one that others find.
    // X-Forwarded-For differs with each client, and says nothing of what is asked for.
    private static readonly string[] s_overrides =
    [
        "Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Path", "X-Forwarded-Scheme", "X-Forwarded-Server",
        "X-Forwarded-Uri", "X-Forwarded-URL", "X-Original-URL", "X-Original-Host", "X-Original-URI", "X-Rewrite-URL", "X-Host", "X-HTTP-Host-Override", "X-HTTP-Method-Override",
        "X-HTTP-Method", "X-Method-Override", "X-URL-Scheme", "Front-End-Https",
    ];

    private static readonly FrozenSet<string> s_overriding = s_overrides.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name that request line, caller and policy give.</summary>
    public static ResponseKey Of(PolicyContext context, LookupTerms terms)
    {
        var request = context.Http.Request;
        using var key = new PooledBytes(1024);
        key.Add(context.Api?.Id);
        key.Add(context.Api?.Revision);
        key.Add(context.Operation?.Id);
        // Each product has policies of its own.
        key.Add(context.Product?.Id);
        key.Add(request.Scheme);
        key.Add(context.OriginalHost.Value?.ToLowerInvariant());
        key.Add(context.OriginalPath);
        AddTarget(key, context.Backend);
        AddQueries(key, context, terms);
        key.Add(terms.VaryBySubscription ? context.Subscription?.Id : "");
        // An answer for everybody is not what a caller who shows credentials asks for.
        key.Add((byte)(request.Headers.Authorization.Count == 0 ? 0 : 1));
        foreach (var name in terms.Headers)
        {
            key.Add(name);
            key.Add(request.Headers[name]);
        }

        key.Add(-1);
        AddOverrides(key, request.Headers);
        return new(key.Written);
    }

    /// <summary>The name of one variant of a response.</summary>
    /// <param name="key">The name that all variants share.</param>
    /// <param name="variants">What tells them apart.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="subscription">The caller's subscription.</param>
    public static ResponseKey OfVariant(ResponseKey key, CachedVariants variants, Func<string, StringValues> headers, string? subscription)
    {
        using var bytes = new PooledBytes(512);
        key.AddTo(bytes);
        bytes.Add((byte)(variants.BySubscription ? 1 : 0));
        bytes.Add(variants.BySubscription ? subscription : "");
        foreach (var name in variants.Headers)
        {
            bytes.Add(name);
            bytes.Add(headers(name));
        }

        return new(bytes.Written);
    }

    // Few requests have any, so they are not asked for each by its name.
    private static void AddOverrides(PooledBytes key, IHeaderDictionary headers)
    {
        var hasAny = false;
        foreach (var (name, _) in headers)
        {
            hasAny |= s_overriding.Contains(name);
        }

        foreach (var name in hasAny ? s_overrides : [])
        {
            if (headers.TryGetValue(name, out var values))
            {
                key.Add(name);
                key.Add(values);
            }
        }
    }

    private static void AddTarget(PooledBytes key, BackendTarget target)
    {
        key.Add(target.Backend?.Id);
        key.Add(target.BaseUrl);
        key.Add(target.BaseQuery);
        key.Add(target.Host);
        key.Add(target.Path);
    }

    /// <summary>The queries that the client asked with and that the backend would get.</summary>
    private static void AddQueries(PooledBytes key, PolicyContext context, LookupTerms terms)
    {
        var (asked, sent) = (context.OriginalQuery, context.Backend.Query);
        AddQuery(key, sent, context, terms);
        if (asked != sent)
        {
            AddQuery(key, asked, context, terms);
        }

        key.Add(-1);
    }

    private static void AddQuery(PooledBytes key, string query, PolicyContext context, LookupTerms terms)
    {
        if (query.Length > 1)
        {
            var names = terms.QueryParameters;
            // Without names all count but the gateway's own key, which says who asks, not what for.
            var (listed, wanted) = names.Length > 0 ? (names, true) : ((string[])[context.Api?.KeyQuery ?? ""], false);
            foreach (var range in query.AsSpan(1).Split('&'))
            {
                var pair = query.AsSpan(1)[range];
                if (pair.Length > 0 && QueryText.IsOneOf(listed, pair) == wanted)
                {
                    key.Add(pair);
                }
            }
        }

        key.Add(-1);
    }
}
