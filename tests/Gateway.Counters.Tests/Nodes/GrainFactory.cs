using System.Reflection;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>Turns the addresses of edges into edges.</summary>
internal class GrainFactory : DispatchProxy
{
    private Cluster _cluster = null!;

    public static IGrainFactory Of(Cluster cluster)
    {
        var factory = Create<IGrainFactory, GrainFactory>();
        ((GrainFactory)(object)factory)._cluster = cluster;
        return factory;
    }

    /// <inheritdoc />
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        args is [GrainId id] ? _cluster.Edge(id) : throw new NotSupportedException($"The model makes no references by {targetMethod}.");
}
