using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters;

/// <summary>Which calls a partition of epoch 5 takes.</summary>
public sealed class PartitionEdgesTests
{
    private static readonly Guid Edge = Guid.NewGuid();
    private static readonly CounterId Counter = CounterId.Of("c");
    private static readonly CounterDefinition Definition = new() { Limit = 10, PeriodMilliseconds = 10_000 };

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

    [Fact]
    public void Edge_AnsweredByAnotherHolderBeforeAHandOver_IsAskedForItsEcho()
    {
        var partition = new CounterPartition(5, 4);
        Acquire(partition, sequence: 1, epoch: 0);
        partition = HandOver(partition);

        var answer = partition.Acquire(0, Call(sequence: 2, epoch: 4));

        Assert.True(answer.NeedsEcho);
    }

    /// <summary>Its echo may come from before it hears of what it was lent last: that would be lent to others as well.</summary>
    [Fact]
    public void Edge_LentToBeforeAHandOver_IsNotAskedAgainForALateCall()
    {
        var echo = new CounterMemory { Counter = Counter, Definition = Definition, Spent = [new(0, 1)] };
        var partition = new CounterPartition(5, 4);
        partition.Learn(0, Edge, [echo]);
        var lent = Acquire(partition, sequence: 3, epoch: 5);
        partition = HandOver(partition);

        var answer = partition.Acquire(0, Call(sequence: 2, epoch: 4));
        partition.Learn(0, Edge, [echo]);

        Assert.Empty(answer.Lease.Replies);
        Assert.False(answer.NeedsEcho);
        Assert.Equal(1 + lent, Assert.IsType<CounterLedger>(partition.Counters[Counter]).Charged);
    }

    private bool Hears(long sequence, long epoch) => _edges.Hear(0, Call(sequence, epoch));

    private static long Acquire(CounterPartition partition, long sequence, long epoch) => partition.Acquire(0, Call(sequence, epoch)).Lease.Replies.Single().Granted;

    private static CounterPartition HandOver(CounterPartition partition) => CounterPartition.Read(partition.Write(0), 0, 4);

    private static LeaseCall Call(long sequence, long epoch) => new()
    {
        Edge = Edge,
        Observer = null!,
        Sequence = sequence,
        Epoch = epoch,
        Requests = [new LeaseRequest { Counter = Counter, Definition = Definition, Want = 10 }],
    };
}
