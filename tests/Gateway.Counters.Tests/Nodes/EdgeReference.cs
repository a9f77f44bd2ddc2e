using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Engine;

namespace Gateway.Counters.Tests.Nodes;

/// <summary>An edge as silos have it in hand: every call is messages of the model's network, sent by the silo that calls.</summary>
internal sealed class EdgeReference(EdgeNode edge, World world) : GrainReference(Shared, IdSpan.Create(edge.Name)), ICounterEdge
{
    private static readonly GrainReferenceShared Shared = new(
        GrainType.Create("edge"), GrainInterfaceType.Create("edge"), 1, null!, default, null!, null!, null!);

    /// <inheritdoc />
    public Task Recall(int partition, long epoch, CounterId[] counters)
    {
        world.Network.Send(Caller, edge, () => edge.Edge.Recall(partition, epoch, counters));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<CounterEcho> Echo(int partition, long epoch, CancellationToken cancellationToken)
    {
        var silo = Caller;
        var reply = new TaskCompletionSource<CounterEcho>();
        world.Network.Send(silo, edge, () =>
        {
            var echo = edge.Edge.Echo(partition, epoch, CancellationToken.None).GetAwaiter().GetResult();
            world.Network.Send(edge, silo, () => reply.TrySetResult(world.Mistake.Echo(echo)));
        });
        return reply.Task;
    }

    private static Node Caller => (Node)SynchronizationContext.Current!;
}
