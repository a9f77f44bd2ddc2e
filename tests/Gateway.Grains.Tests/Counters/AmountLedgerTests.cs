using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters;

/// <summary>Requests that need several tokens at once, and use that was known only afterwards.</summary>
public sealed class AmountLedgerTests
{
    private const int Window = 60_000;

    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Two = Guid.NewGuid();

    private readonly CounterPartition _partition = new(1, 4);
    private long _sequence;

    [Theory]
    [InlineData(8, 8, 20, 8)] // a share would be ten
    [InlineData(15, 15, 20, 15)] // more than a share
    [InlineData(15, 15, 14, 0)] // all or none
    [InlineData(30, 12, 20, 12)]
    [InlineData(30, 2, 20, 10)]
    public void Grant_WithALeast_HasThatOrNothing(long asked, long least, long remaining, long size) =>
        Assert.Equal(size, LeaseTerms.Size(asked, remaining, 20, 1, least));

    [Fact]
    public void Acquire_LessLeftThanNeeded_IsSpentForThatAndNotForLess()
    {
        Acquire(0, One, waiting: 15, least: 15);
        Acquire(1, One, spent: 15);

        var denied = Acquire(2, Two, waiting: 8, least: 8);
        var served = Acquire(3, Two, waiting: 5, least: 5);

        Assert.Equal((0, true, 5), (denied.Granted, denied.IsSpent, denied.Remaining));
        Assert.InRange(denied.RetryAfterMilliseconds, 59_900, Window);
        Assert.Equal(5, served.Granted);
    }

    [Fact]
    public void Owed_IsChargedOnceAtOnceAndBelowZero()
    {
        Acquire(0, One, waiting: 4, least: 4);

        Assert.Equal(11, Acquire(1, One, spent: 4, owed: 5).Remaining);
        Assert.Equal(11, Acquire(2, One, owed: 5).Remaining);
        Assert.Equal(0, Acquire(3, One, owed: 30).Remaining);
        var denied = Acquire(4, Two, waiting: 1);
        Assert.Equal((0, true), (denied.Granted, denied.IsSpent));

        // 4 and 5 have left the window: 25 of 20 are still charged.
        Assert.Equal(0, Acquire(Window + 3, Two, waiting: 1).Granted);
        Assert.Equal(1, Acquire(Window + 5, Two, waiting: 1).Granted);
    }

    [Fact]
    public void Owed_LessThanBefore_ComesFromAnEdgeThatHasForgotten()
    {
        Acquire(0, One, waiting: 1, owed: 5);
        Acquire(1, One, waiting: 1);

        Assert.Equal(12, Acquire(2, One, held: 1, owed: 2).Remaining);
    }

    private LeaseReply Acquire(long now, Guid edge, int waiting = 0, long least = 0, long spent = 0, long held = 0, long owed = 0) => _partition.Acquire(now, new()
    {
        Edge = edge,
        Observer = null!,
        Sequence = ++_sequence,
        Epoch = _partition.Knows(edge) ? 1 : 0,
        Requests =
        [
            new()
            {
                Counter = CounterId.Of("c"),
                Definition = new() { Limit = 20, PeriodMilliseconds = Window },
                Waiting = waiting,
                Least = least,
                Spent = spent,
                Held = held,
                Owed = owed,
            },
        ],
    }).Lease.Replies[0];
}
