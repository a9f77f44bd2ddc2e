using System.Security.Cryptography;
using System.Text;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Expressions.Context;

/// <summary>A subscription as expressions see it.</summary>
internal sealed class SubscriptionView(SubscriptionInfo subscription, PolicyContext policies) : ISubscription
{
    private bool? _isPrimary;

    public DateTime CreatedDate => subscription.CreatedDate.UtcDateTime;

    public DateTime? EndDate => subscription.EndDate?.UtcDateTime;

    public string Id => subscription.Id;

    public string Key => policies.SubscriptionKey ?? "";

    public string Name => subscription.Name;

    public string? PrimaryKey => IsPrimary ? Key : null;

    public string? SecondaryKey => IsPrimary ? null : Key;

    public DateTime? StartDate => subscription.StartDate?.UtcDateTime;

    private bool IsPrimary => _isPrimary ??= Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Key))) == subscription.PrimaryKeyHash;
}
