using Gateway.Hosting.Diagnostics;
using StackExchange.Redis;

namespace Gateway.Silo;

/// <summary>A silo is ready while it is active in the cluster and the state store answers.</summary>
internal sealed class SiloReadiness(IConnectionMultiplexer store, ISiloStatusOracle cluster) : IReadinessSource
{
    public IEnumerable<string> Reasons()
    {
        if (cluster.CurrentStatus != SiloStatus.Active)
        {
            yield return $"The silo is not active in the cluster, it is {cluster.CurrentStatus}.";
        }

        if (!store.IsConnected)
        {
            yield return "The state store cannot be reached.";
        }
    }
}
