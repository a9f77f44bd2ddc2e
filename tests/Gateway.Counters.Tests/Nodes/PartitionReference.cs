using Gateway.Contracts.Counters;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>A partition as an edge has it in hand: a call goes to some silo, which knows where the partition is, and from there comes the answer.</summary>
internal sealed class PartitionReference(EdgeNode edge, int number, World world) : ICounterPartitionGrain
{
    /// <inheritdoc />
    public Task<LeaseAnswer> Acquire(LeaseCall call, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<LeaseAnswer>();
        world.Log.Called(call);
        if (world.Cluster.Gateway(edge) is { } gateway)
        {
            world.Network.Send(edge, gateway, () => gateway.Route(edge, number, call, reply));
        }

        else
        {
            world.Timeline.After(world.Network.Delay(), () => edge.Run(() => reply.TrySetException(new SiloUnavailableException("There is no silo."))));
        }

        return reply.Task;
    }
}
