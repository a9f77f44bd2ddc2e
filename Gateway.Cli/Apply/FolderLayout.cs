namespace Gateway.Cli.Apply;

/// <summary>A folder of the layout whose sub-folders are resources, each named by its id.</summary>
/// <param name="Folder">The folder's name, e.g. <c>named values</c>.</param>
/// <param name="Collection">The collection in the management API, e.g. <c>namedValues</c>.</param>
/// <param name="Information">The file with the properties; null when the resource comes from elsewhere.</param>
internal sealed record FolderKind(string Folder, string Collection, string? Information)
{
    /// <summary>The file only says that the link exists; it may be an empty object.</summary>
    public bool IsLink { get; init; }

    /// <summary>A <c>policy.xml</c> may be there.</summary>
    public bool HasPolicy { get; init; }

    /// <summary>A <c>policy.xml</c> beside the information file is the resource's own document.</summary>
    public bool IsDocument { get; init; }

    /// <summary>A <c>specification.yaml</c> or <c>.json</c> may be there.</summary>
    public bool HasSpecification { get; init; }

    /// <summary>Folders inside each resource's folder.</summary>
    public IReadOnlyList<FolderKind> Children { get; init; } = [];
}

/// <summary>The layout that is read: the APIOps artifact folder, as far as there is a resource kind for it.</summary>
internal static class FolderLayout
{
    /// <summary>The name of every policy document.</summary>
    public const string PolicyFile = "policy.xml";

    /// <summary>The top folders; what others refer to comes first.</summary>
    public static IReadOnlyList<FolderKind> Kinds { get; } =
    [
        new("named values", "namedValues", "namedValueInformation.json"),
        new("backends", "backends", "backendInformation.json"),
        new("caches", "caches", "cacheInformation.json"),
        new("loggers", "loggers", "loggerInformation.json"),
        new("policy fragments", "policyFragments", "policyFragmentInformation.json") { IsDocument = true },
        new("apis", "apis", "apiInformation.json")
        {
            HasPolicy = true,
            HasSpecification = true,
            Children = [new("schemas", "schemas", "apiSchemaInformation.json"), new("operations", "operations", null) { HasPolicy = true }],
        },
        new("products", "products", "productInformation.json")
        {
            HasPolicy = true,
            Children = [new("apis", "apis", "productApiInformation.json") { IsLink = true }],
        },
        new("gateways", "gateways", "gatewayInformation.json")
        {
            Children = [new("apis", "apis", "gatewayApiInformation.json") { IsLink = true }],
        },
        new("subscriptions", "subscriptions", "subscriptionInformation.json"),
    ];
}
