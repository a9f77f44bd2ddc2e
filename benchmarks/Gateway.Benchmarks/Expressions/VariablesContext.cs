using Gateway.Policies.Expressions.Api;

namespace Gateway.Benchmarks.Expressions;

/// <summary>A context that has variables and nothing else.</summary>
internal sealed class VariablesContext : IExpressionContext
{
    public IApi Api => throw new NotSupportedException();

    public IDeployment Deployment => throw new NotSupportedException();

    public TimeSpan Elapsed => throw new NotSupportedException();

    public ILastError LastError => throw new NotSupportedException();

    public IOperation Operation => throw new NotSupportedException();

    public IProduct? Product => throw new NotSupportedException();

    public Gateway.Policies.Expressions.Api.IRequest Request => throw new NotSupportedException();

    public Guid RequestId => throw new NotSupportedException();

    public IResponse Response => throw new NotSupportedException();

    public ISubscription? Subscription => throw new NotSupportedException();

    public DateTime Timestamp => throw new NotSupportedException();

    public bool Tracing => throw new NotSupportedException();

    public IUser? User => throw new NotSupportedException();

    public IReadOnlyDictionary<string, object> Variables { get; } = new Dictionary<string, object> { ["name"] = "value" };

    public void Trace(string message)
    {
    }
}
