namespace Gateway.Policies.Expressions.Api;

/// <summary>A product.</summary>
public interface IProduct
{
    /// <summary>True when a person approves each subscription.</summary>
    bool ApprovalRequired { get; }

    /// <summary>The product's id.</summary>
    string Id { get; }

    /// <summary>The name shown to people.</summary>
    string Name { get; }

    /// <summary>Whether it is published.</summary>
    ProductState State { get; }

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
