using System.Collections.ObjectModel;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Budgets;

namespace Gateway.Policies.Expressions.Context;

/// <summary>
/// What the expressions of one request see of it: made with the first expression that runs, its parts on first use. It shows the request
/// as it is at that moment and keeps nothing that policies can change.
/// </summary>
internal sealed class ExpressionContext(PolicyContext policies) : IExpressionContext
{
    private RequestView? _request;
    private ResponseView? _response;
    private IProduct? _product;
    private ISubscription? _subscription;
    private IUser? _user;
    private ReadOnlyMemory<byte>? _loaded;
    private IBackendExchange? _loadedFrom;

    /// <summary>The section of the policy whose expression runs.</summary>
    public PolicySection Section { get; set; }

    /// <summary>What the expressions of this request may still use.</summary>
    public ExpressionBudget Budget { get; private set; } = new(policies.ExpressionLimits);

    /// <summary>
    /// The response's body when it is in memory: one made by policy, or the backend's once it was read; null while it is still to come.
    /// Empty when there is none.
    /// </summary>
    public ReadOnlyMemory<byte>? ResponseBody
    {
        get => policies.ResponseBody ?? LoadedBody;
        set => (_loaded, _loadedFrom) = (value, policies.Exchange);
    }

    /// <summary>The backend's own body when it was read, also when a policy has put another in its place.</summary>
    public ReadOnlyMemory<byte>? LoadedBody => ReferenceEquals(_loadedFrom, policies.Exchange) ? _loaded : null;

    /// <summary>Begins anew: the on-error section can say what happened to a request that has used up everything.</summary>
    public void RenewBudget() => Budget = new(policies.ExpressionLimits);

    public IApi Api => policies.Api!;

    public IDeployment Deployment => policies.Deployment;

    public TimeSpan Elapsed => policies.Elapsed;

    public ILastError LastError => policies.LastError!;

    public IOperation Operation => policies.Operation!;

    public IProduct? Product => policies.Product is { } product ? _product ??= new ProductView(product, policies) : null;

    public IRequest Request => _request ??= new(policies);

    public Guid RequestId => policies.RequestId;

    public IResponse Response => HasResponse ? _response ??= new(policies) : null!;

    public ISubscription? Subscription =>
        policies.Subscription is { } subscription ? _subscription ??= new SubscriptionView(subscription, policies) : null;

    public DateTime Timestamp => policies.Timestamp.UtcDateTime;

    public bool Tracing => false;

    public IUser? User => policies.Subscription?.OwnerId is { } id ? _user ??= new UserView(id) : null;

    public IReadOnlyDictionary<string, object> Variables => field ??= new ReadOnlyDictionary<string, object>(policies.Variables!);

    private bool HasResponse =>
        Section is PolicySection.Outbound or PolicySection.OnError || policies.Exchange is not null || policies.ResponseBody is not null;

    public void Trace(string message)
    {
        // Requests are not traced: there is nowhere to write it.
    }
}
