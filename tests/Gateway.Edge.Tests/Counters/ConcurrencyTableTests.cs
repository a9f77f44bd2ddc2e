using Gateway.Edge.Counters;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Counting who is at a place.</summary>
public sealed class ConcurrencyTableTests
{
    private readonly ConcurrencyTable _table = new();

    [Fact]
    public void TryEnter_OfAKey_LetsInSoManyAndOneMoreForEachThatLeaves()
    {
        Assert.True(_table.TryEnter("a", 2));
        Assert.True(_table.TryEnter("a", 2));
        Assert.False(_table.TryEnter("a", 2));
        Assert.True(_table.TryEnter("a", 3));
        Assert.True(_table.TryEnter("b", 1));

        _table.Leave("a");
        _table.Leave("a");
        Assert.True(_table.TryEnter("a", 2));
        Assert.False(_table.TryEnter("a", 2));
    }

    [Fact]
    public async Task TryEnter_ManyAtOnce_NeverLetsInMoreAndForgetsEmptyPlaces()
    {
        var (inside, most, entered) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (!_table.TryEnter("a", 2))
                {
                    continue;
                }

                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                Interlocked.Increment(ref entered);
                Interlocked.Decrement(ref inside);
                _table.Leave("a");
            }
        })));

        Assert.InRange(most, 1, 2);
        Assert.True(entered > 1000, $"{entered} entered");
        Assert.Equal(0, _table.Count);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
