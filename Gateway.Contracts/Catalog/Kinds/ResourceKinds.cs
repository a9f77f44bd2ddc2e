using System.Collections.Frozen;
using Gateway.Contracts.Catalog.Kinds.Apis;
using Gateway.Contracts.Catalog.Kinds.ApiSchemas;
using Gateway.Contracts.Catalog.Kinds.Backends;
using Gateway.Contracts.Catalog.Kinds.Caches;
using Gateway.Contracts.Catalog.Kinds.Certificates;
using Gateway.Contracts.Catalog.Kinds.GatewayApis;
using Gateway.Contracts.Catalog.Kinds.Gateways;
using Gateway.Contracts.Catalog.Kinds.Loggers;
using Gateway.Contracts.Catalog.Kinds.NamedValues;
using Gateway.Contracts.Catalog.Kinds.Operations;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Catalog.Kinds.PolicyFragments;
using Gateway.Contracts.Catalog.Kinds.ProductApis;
using Gateway.Contracts.Catalog.Kinds.Products;
using Gateway.Contracts.Catalog.Kinds.Schemas;
using Gateway.Contracts.Catalog.Kinds.Subscriptions;

namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>Every kind of resource there is, one line each.</summary>
public static class ResourceKinds
{
    /// <summary>All kinds; parents before their children.</summary>
    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        new NamedValueKind(),
        new BackendKind(),
        new CertificateKind(),
        new LoggerKind(),
        new CacheKind(),
        new SchemaKind(),
        new PolicyFragmentKind(),
        new PolicyKind("/policies/policy", PolicyScope.Global),
        new ApiKind(),
        new ApiSchemaKind(),
        new PolicyKind("/apis/{apiId}/policies/policy", PolicyScope.Api),
        new OperationKind(),
        new PolicyKind("/apis/{apiId}/operations/{operationId}/policies/policy", PolicyScope.Operation),
        new ProductKind(),
        new PolicyKind("/products/{productId}/policies/policy", PolicyScope.Product),
        new ProductApiKind(),
        new SubscriptionKind(),
        new GatewayKind(),
        new GatewayApiKind(),
    ];

    private static readonly ResourceKind[][] _byLength = [.. Enumerable.Range(0, All.Max(kind => kind.Template.Length) + 1)
        .Select(length => All.Where(kind => kind.Template.Length == length).ToArray())];

    private static readonly FrozenSet<string> _builtIn = All.SelectMany(kind => kind.BuiltIn).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The kind of the resource at this path, with the path in its canonical spelling; null when no kind has such a path.</summary>
    public static ResourceMatch? Match(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var kind in segments.Length < _byLength.Length ? _byLength[segments.Length] : [])
        {
            if (kind.Template.Matches(segments))
            {
                return new ResourceMatch(kind, kind.Template.Canonical(segments));
            }
        }

        return null;
    }

    /// <summary>True for a resource that exists without being stored.</summary>
    public static bool IsBuiltIn(string id) => _builtIn.Contains(id);
}

/// <summary>A resource path and its kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Id">The path in canonical spelling.</param>
public sealed record ResourceMatch(ResourceKind Kind, string Id);
