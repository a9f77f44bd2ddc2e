using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Products;

/// <summary>Products: what consumers subscribe to.</summary>
public sealed class ProductKind() : ResourceKind("/products/{productId}")
{
    /// <inheritdoc />
    public override string Summary => "A bundle of APIs that consumers subscribe to.";

    /// <inheritdoc />
    public override IdRule Id => IdRule.Length256;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A product.",
        ["displayName"] = new TextSchema { Summary = "The name shown to people; 1 to 300 characters.", IsRequired = true, Maximum = 300 },
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 10_000 },
        ["terms"] = new TextSchema { Summary = "Terms of use that a subscriber accepts.", Minimum = 0, Maximum = 100_000 },
        ["subscriptionRequired"] = new FlagSchema { Summary = "False: the product is open, its APIs are called without a key.", Default = true },
        ["approvalRequired"] = new FlagSchema { Summary = "True: new subscriptions wait for approval.", Default = false },
        ["subscriptionsLimit"] = new NumberSchema { Summary = "How many subscriptions one user may have; absent: no limit.", Minimum = 0 },
        ["state"] = new ChoiceSchema("notPublished", "published") { Summary = "Whether consumers can find it.", Default = "notPublished" },
    };
}
