using Gateway.Contracts.Publications;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;

namespace Gateway.Edge.Models;

/// <summary>A product.</summary>
internal sealed class ProductModel(ProductEntry entry, PolicyPipeline pipeline)
{
    /// <summary>The product as policies see it.</summary>
    public ProductInfo Info { get; } =
        new(entry.Id, entry.DisplayName, entry.SubscriptionRequired, entry.ApprovalRequired, entry.Published)
        {
            Apis = entry.Apis,
            SubscriptionsLimit = entry.SubscriptionsLimit,
        };

    /// <summary>The global pipeline with the product's document around it.</summary>
    public PolicyPipeline Pipeline { get; } = pipeline;
}
