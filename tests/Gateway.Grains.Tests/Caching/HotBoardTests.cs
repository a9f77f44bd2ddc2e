using Gateway.Contracts.Caching;
using Gateway.Grains.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Grains.Tests.Caching;

public sealed class HotBoardTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HotBoard _board;

    public HotBoardTests() => _board = new(_time);

    [Fact]
    public void Hottest_AreThoseOfAllEdgesTogether()
    {
        _board.Hear(new() { Node = "one", Responses = [Response(1, 10), Response(2, 8)] });
        _board.Hear(new() { Node = "other", Responses = [Response(2, 8), Response(3, 1)] });

        Assert.Equal([Response(2, 16), Response(1, 10)], _board.Hottest(2));
    }

    [Fact]
    public void Word_OfAnEdge_CountsUntilItsNext_AndForATimeOnly()
    {
        _board.Hear(new() { Node = "one", Responses = [Response(1, 10)] });
        _board.Hear(new() { Node = "one", Responses = [Response(1, 3)] });
        Assert.Equal([Response(1, 3)], _board.Hottest(10));

        _time.Advance(HotBoard.Life * 1.1);

        Assert.Empty(_board.Hottest(10));
    }

    [Fact]
    public void Edges_AreBounded()
    {
        for (var i = 0; i <= HotBoard.MaximumNodes; i++)
        {
            _board.Hear(new() { Node = $"edge-{i}", Responses = [Response(1, 1)] });
        }

        _board.Hear(new() { Node = "edge-1", Responses = [.. Enumerable.Repeat(Response(1, 1), CacheUse.MaximumResponses + 1)] });

        Assert.Equal([Response(1, HotBoard.MaximumNodes)], _board.Hottest(10));
    }

    private static HotResponse Response(int entry, double perSecond) => new((UInt128)entry, "a", "get", "/x", perSecond, perSecond / 2);
}
