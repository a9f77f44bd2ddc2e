using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters;

public sealed class FewTests
{
    private Few<string> _few;

    [Fact]
    public void Items_ComeInTheOrderInWhichTheyWereAdded_HoweverMany()
    {
        foreach (var count in Enumerable.Range(0, 5))
        {
            Assert.Equal(count, _few.Count);
            Assert.Equal(Enumerable.Range(0, count).Select(number => $"{number}"), Enumerated());
            Assert.Equal(Enumerated(), _few.ToArray());
            Assert.Equal(Enumerated(), Enumerable.Range(0, count).Select(number => _few[number]));
            _few.Add($"{count}");
        }
    }

    [Theory]
    [InlineData("0", "1", "2")]
    [InlineData("1", "0", "2")]
    [InlineData("2", "0", "1")]
    public void Removed_IsGone_AndTheOthersStay(string gone, params string[] left)
    {
        AddThree();

        _few.Remove(string.Intern(gone));
        Assert.Equal(left, Enumerated());
        _few.Remove(string.Intern(left[0]));
        Assert.Equal([left[1]], Enumerated());
        _few.Remove(string.Intern(left[1]));
        Assert.Empty(Enumerated());
    }

    [Fact]
    public void All_AreSeen_ThoughEachIsRemovedMeanwhile()
    {
        AddThree();
        var seen = new List<string>();

        foreach (var item in _few)
        {
            _few.Remove(item);
            seen.Add(item);
        }

        Assert.Equal(["0", "1", "2"], seen);
        Assert.Empty(Enumerated());
    }

    private void AddThree()
    {
        _few.Add("0");
        _few.Add("1");
        _few.Add("2");
    }

    private List<string> Enumerated()
    {
        var items = new List<string>();
        foreach (var item in _few)
        {
            items.Add(item);
        }

        return items;
    }
}
