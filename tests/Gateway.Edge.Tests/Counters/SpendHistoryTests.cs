using Gateway.Contracts.Counters;
using Gateway.Edge.Counters;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Counters;

public sealed class SpendHistoryTests
{
    private const long Window = 60_000 * TimeSpan.TicksPerMillisecond;

    private readonly CounterClock _clock = new(new FakeTimeProvider());
    private readonly SpendHistory _history = new();

    /// <summary>Which of two tokens came back is not known: the one that stays spent is dated with the later time.</summary>
    [Fact]
    public void Undo_OfOneOfTwo_KeepsTheLater()
    {
        _history.Add(At(1000), 1, Window);
        _history.Add(At(4000), 1, Window);

        _history.Undo(1, At(500));

        Assert.Equal([new SpendMemory(1000, 1)], _history.Describe(_clock, At(5000), Window));
    }

    [Fact]
    public void Undo_OfOneThatWasNotBefore_LeavesTheEarlier()
    {
        _history.Add(At(1000), 1, Window);
        _history.Add(At(4000), 1, Window);

        _history.Undo(1, At(3900));

        Assert.Equal([new SpendMemory(4000, 1)], _history.Describe(_clock, At(5000), Window));
    }

    [Fact]
    public void Undo_OfOneThatHasLeftTheWindow_LeavesTheLater()
    {
        _history.Add(At(1000), 1, Window);
        _history.Add(At(62_000), 1, Window);

        _history.Undo(1, At(1000), At(1000));

        Assert.Equal([new SpendMemory(1000, 1)], _history.Describe(_clock, At(63_000), Window));
    }

    [Fact]
    public void Newest_OfSome_LeavesOutTheOlderAndTheJustSpent()
    {
        _history.Add(At(1000), 5, Window);
        _history.Add(At(4000), 2, Window);
        _history.Add(At(6900), 1, Window);

        Assert.Equal([new SpendMemory(2800, 2), new SpendMemory(5800, 1)], _history.Newest(_clock, At(7000), 4, At(200), At(60_000)));
    }

    [Fact]
    public void Newest_SinceAMoment_TellsNoGreaterAge()
    {
        _history.Add(At(1000), 5, Window);

        Assert.Equal([new SpendMemory(1300, 5)], _history.Newest(_clock, At(7000), 5, At(200), At(1500)));
    }

    private static long At(long milliseconds) => milliseconds * TimeSpan.TicksPerMillisecond;
}
