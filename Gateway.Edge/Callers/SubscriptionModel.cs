using Gateway.Contracts.Publications;
using Gateway.Edge.Models;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Callers;

/// <summary>A subscription, and what its keys open.</summary>
internal sealed class SubscriptionModel
{
    private const string ApiScope = "/apis/";
    private const string ProductScope = "/products/";

    private readonly string? _api;
    private readonly string? _product;
    private readonly bool _all;

    /// <summary>Builds it from its publication record. A scope of a form that is not known opens nothing.</summary>
    public SubscriptionModel(SubscriptionEntry entry)
    {
        Info = new SubscriptionInfo(entry.Id, entry.DisplayName, entry.CreatedDate)
        {
            StartDate = entry.StartDate,
            EndDate = entry.EndDate,
            PrimaryKeyHash = entry.PrimaryKeyHash,
            OwnerId = entry.OwnerId,
        };
        _all = entry.Scope is "/" or "/apis";
        _api = IdBehind(ApiScope, entry.Scope);
        _product = IdBehind(ProductScope, entry.Scope);
    }

    /// <summary>The subscription as policies see it.</summary>
    public SubscriptionInfo Info { get; }

    /// <summary>True when its keys open this API.</summary>
    /// <param name="api">The API called.</param>
    /// <param name="product">The product whose policies apply; null when the scope is not a product.</param>
    public bool Opens(ApiModel api, out ProductModel? product)
    {
        product = _product is null ? null : api.FindProduct(_product);
        return _all || product is not null || (_api is not null && _api.Equals(api.Info.Id, StringComparison.OrdinalIgnoreCase));
    }

    private static string? IdBehind(string prefix, string scope) =>
        scope.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? scope[prefix.Length..] : null;
}
