namespace Gateway.Policies.Expressions.Api;

/// <summary>
/// What an expression knows as <c>context</c>: the request that is being served, and everything the gateway knows of it. Nothing here
/// can be changed by an expression; what policies have changed until now is seen.
/// </summary>
public interface IExpressionContext
{
    /// <summary>The API that the request matched; null in the on-error section of a request that matched none.</summary>
    IApi Api { get; }

    /// <summary>The gateway.</summary>
    IDeployment Deployment { get; }

    /// <summary>The time since the request arrived.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>The error that led to the on-error section; null in the other sections.</summary>
    ILastError LastError { get; }

    /// <summary>The operation that the request matched; null in the on-error section of a request that matched none.</summary>
    IOperation Operation { get; }

    /// <summary>The product whose key was used, or the open product; null otherwise.</summary>
    IProduct? Product { get; }

    /// <summary>The request, as policies have changed it.</summary>
    IRequest Request { get; }

    /// <summary>Names this request.</summary>
    Guid RequestId { get; }

    /// <summary>
    /// The response, as policies have changed it; null in inbound, and in backend before the request was forwarded.
    /// </summary>
    IResponse Response { get; }

    /// <summary>The subscription of the key; null without a key.</summary>
    ISubscription? Subscription { get; }

    /// <summary>When the request arrived, in universal time.</summary>
    DateTime Timestamp { get; }

    /// <summary>True while the request is traced. Requests are not traced by this version: always false.</summary>
    bool Tracing { get; }

    /// <summary>The owner of the subscription; null without one. This version publishes no users: always null.</summary>
    IUser? User { get; }

    /// <summary>
    /// The variables that policies have set. A name that is not there is a <see cref="KeyNotFoundException"/> by index;
    /// <c>GetValueOrDefault</c> gives a default instead.
    /// </summary>
    IReadOnlyDictionary<string, object> Variables { get; }

    /// <summary>Adds a message to the trace of this request; without effect while it is not traced.</summary>
    /// <param name="message">The text.</param>
    void Trace(string message);
}
