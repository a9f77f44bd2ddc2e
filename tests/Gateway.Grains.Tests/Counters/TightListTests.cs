using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters;

public sealed class TightListTests
{
    [Fact]
    public void Items_PutInAndTakenOut_AreThoseOfAList()
    {
        var random = new Random(7);
        var expected = new List<int>();
        var list = default(TightList<int>);
        for (var step = 0; step < 10_000; step++)
        {
            if (expected.Count < 12 && random.Next(3) > 0)
            {
                var index = random.Next(expected.Count + 1);
                expected.Insert(index, step);
                list.Insert(index, step);
            }
            else
            {
                var count = random.Next(expected.Count + 1);
                expected.RemoveRange(0, count);
                list.RemoveFirst(count);
            }

            Assert.Equal(expected, list.Items.ToArray());
        }
    }
}
