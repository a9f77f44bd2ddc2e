using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Context;

/// <summary>A subscription as expressions see it.</summary>
internal sealed class SubscriptionView(SubscriptionInfo subscription, PolicyContext policies) : ISubscription
{
    public DateTime CreatedDate => subscription.CreatedDate.UtcDateTime;

    public string Id => subscription.Id;

    public string Key => policies.SubscriptionKey ?? "";

    public string Name => subscription.Name;
}
