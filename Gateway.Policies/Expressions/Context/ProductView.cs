using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Context;

/// <summary>A product as expressions see it.</summary>
internal sealed class ProductView(ProductInfo product, PolicyContext policies) : IProduct
{
    public IEnumerable<IApi> Apis => product.Apis.Select(policies.FindApi).OfType<IApi>();

    public bool ApprovalRequired => product.ApprovalRequired;

    public IEnumerable<IGroup> Groups => [];

    public string Id => product.Id;

    public string Name => product.Name;

    public ProductState State => product.Published ? ProductState.Published : ProductState.NotPublished;

    public int? SubscriptionLimit => product.SubscriptionsLimit;

    public int? SubscriptionsLimit => product.SubscriptionsLimit;

    public bool SubscriptionRequired => product.SubscriptionRequired;
}
