namespace Gateway.Contracts.Catalog.Kinds.Subscriptions;

/// <summary>The spelling of subscription scopes.</summary>
internal static class SubscriptionScope
{
    public static string Normalize(string text)
    {
        var scope = ResourcePath.Shorten(text);
        foreach (var collection in (string[])["/products", "/apis"])
        {
            if (scope.Equals(collection, StringComparison.OrdinalIgnoreCase) || scope.StartsWith(collection + "/", StringComparison.OrdinalIgnoreCase))
            {
                return collection + scope[collection.Length..];
            }
        }

        return scope;
    }

    public static string? Check(string scope) => scope.Split('/') switch
    {
        ["", ""] or ["", "apis"] => null,
        ["", "apis" or "products", { Length: > 0 }] => null,
        _ => "must be '/products/{id}', '/apis', '/apis/{id}', or '/' for everything.",
    };
}
