using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters;

/// <summary>Which calls a partition of epoch 5 takes.</summary>
public sealed class PartitionEdgesTests
{
    private static readonly Guid Edge = Guid.NewGuid();

    private readonly PartitionEdges _edges = new(5);

    [Fact]
    public void Edge_AnsweredByAnotherHolderSinceItsFirstCall_IsAskedForItsEcho()
    {
        Assert.True(Hears(sequence: 1, epoch: 0));

        Assert.False(Hears(sequence: 2, epoch: 4));
        Assert.False(_edges.Knows(Edge));

        Assert.True(_edges.Learn(0, Edge));
        Assert.True(Hears(sequence: 3, epoch: 5));
    }

    [Fact]
    public void Edge_InStep_IsNotAskedAgainForALateCall()
    {
        Assert.True(Hears(sequence: 1, epoch: 0));
        Assert.True(Hears(sequence: 3, epoch: 5));

        Assert.False(Hears(sequence: 2, epoch: 4));

        Assert.True(_edges.Knows(Edge));
    }

    [Fact]
    public void Edge_WhoseFirstCallComesAgainOrLate_StaysKnown()
    {
        Assert.True(Hears(sequence: 2, epoch: 0));

        Assert.True(Hears(sequence: 3, epoch: 0));
        Assert.False(Hears(sequence: 1, epoch: 4));

        Assert.True(_edges.Knows(Edge));
    }

    private bool Hears(long sequence, long epoch) =>
        _edges.Hear(0, new LeaseCall { Edge = Edge, Observer = null!, Sequence = sequence, Epoch = epoch, Requests = [] });
}
