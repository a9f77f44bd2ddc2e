namespace Gateway.Policies.Expressions.Api;

/// <summary>A product.</summary>
public interface IProduct
{
    /// <summary>The APIs in it that this gateway serves.</summary>
    IEnumerable<IApi> Apis { get; }

    /// <summary>True when a person approves each subscription.</summary>
    bool ApprovalRequired { get; }

    /// <summary>The groups that see it. This version has no groups: always empty.</summary>
    IEnumerable<IGroup> Groups { get; }

    /// <summary>The product's id.</summary>
    string Id { get; }

    /// <summary>The name shown to people.</summary>
    string Name { get; }

    /// <summary>Whether it is published.</summary>
    ProductState State { get; }

    /// <summary>How many subscriptions one user may have; null without a bound.</summary>
    int? SubscriptionLimit { get; }

    /// <summary>The same as <see cref="SubscriptionLimit"/>, by its other name.</summary>
    int? SubscriptionsLimit { get; }

    /// <summary>False for an open product.</summary>
    bool SubscriptionRequired { get; }
}

/// <summary>Whether a product is published.</summary>
public enum ProductState
{
    /// <summary>It is not.</summary>
    NotPublished,

    /// <summary>It is.</summary>
    Published,
}
