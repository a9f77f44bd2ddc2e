using Gateway.Contracts.Caching;
using Gateway.Grains.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Grains.Tests.Caching;

public sealed class RefillBookTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Edge _one = new();
    private readonly Edge _other = new();
    private readonly RefillBook _book;

    public RefillBookTests() => _book = new(_time);

    [Fact]
    public void Entry_IsMadeByWhoAsksFirst_AndByWhoAsksNextOnceItFailed()
    {
        Assert.Equal([RefillWord.Make, RefillWord.Make], Ask(_one, 1, 2));
        Assert.Equal([RefillWord.Wait, RefillWord.Make], Ask(_other, 1, 3));
        Assert.Equal([RefillWord.Make], Ask(_one, 1));

        Assert.Equal((UInt128)1, Assert.Single(Assert.Single(End(_one, 1, RefillEnding.Failed), told => told.Key == _other).Value));

        Assert.Equal([RefillWord.Make], Ask(_other, 1));
        Assert.Equal([RefillWord.Wait], Ask(_one, 1));
    }

    [Fact]
    public void End_OfAnotherEdge_EndsNothing()
    {
        Ask(_one, 1);
        Assert.Empty(End(_other, 1, RefillEnding.Stored));
        Assert.Empty(End(_other, 2, RefillEnding.Stored));
        Assert.Equal([RefillWord.Wait], Ask(_other, 1));
    }

    [Fact]
    public void Maker_ThatSaysNothing_LosesTheEntry_AndOneThatSaysSoKeepsIt()
    {
        Ask(_one, 1, 2);
        for (var passed = TimeSpan.Zero; passed < 2 * RefillBook.Life; passed += RefillBook.Life / 2)
        {
            _time.Advance(RefillBook.Life / 2);
            _book.Take(Call(_one) with { Making = [1] }, out _);
        }

        Assert.Equal([RefillWord.Wait, RefillWord.Make], Ask(_other, 1, 2));
        _time.Advance(RefillBook.Life * 1.1);
        Assert.Equal([RefillWord.Make], Ask(_other, 1));
        // The first one is late.
        Assert.Empty(End(_one, 1, RefillEnding.Stored));
        Assert.Equal([RefillWord.Wait], Ask(_one, 1));
    }

    [Fact]
    public void Book_ThatBeginsAnew_LearnsWhoMakesWhat()
    {
        _book.Take(Call(_one) with { Making = [1] }, out _);

        Assert.Equal([RefillWord.Wait], Ask(_other, 1));
    }

    [Fact]
    public void Entry_ThatWasNotStored_IsMadeByEachForAWhile()
    {
        Ask(_one, 1);
        Ask(_other, 1);
        Assert.Single(End(_one, 1, RefillEnding.NotStored));

        Assert.Equal([RefillWord.MakeOwn], Ask(_other, 1));
        Assert.Equal([RefillWord.MakeOwn], Ask(_one, 1));
        _time.Advance(RefillBook.AloneFor * 1.1);
        Assert.Equal([RefillWord.Make], Ask(_one, 1));
    }

    [Fact]
    public void Entries_AreBounded_AndForgottenInTime()
    {
        for (var i = 0; i < RefillBook.MaximumEntries; i++)
        {
            Ask(_one, (UInt128)i);
        }

        Assert.Equal([RefillWord.MakeOwn, RefillWord.Wait], Ask(_other, UInt128.MaxValue, 0));
        _time.Advance(RefillBook.Life * 1.1);

        Assert.Equal([RefillWord.Make], Ask(_other, UInt128.MaxValue));
        Assert.Equal(1, _book.Count);
    }

    private static RefillCall Call(Edge edge) => new() { Edge = edge, Wanted = [], Making = [], Ended = [] };

    private RefillWord[] Ask(Edge edge, params UInt128[] entries) => _book.Take(Call(edge) with { Wanted = entries }, out _);

    private Dictionary<ICacheEdge, List<UInt128>> End(Edge edge, UInt128 entry, RefillEnding ending)
    {
        _book.Take(Call(edge) with { Ended = [new(entry, ending)] }, out var told);
        return told;
    }

    private sealed class Edge : ICacheEdge
    {
        public Task RefillsEnded(string cache, UInt128[] entries) => Task.CompletedTask;
    }
}
