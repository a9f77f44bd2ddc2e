using Gateway.Contracts.Publications;
using Gateway.Grains.Publications;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Grains.Tests.Publications;

public sealed class FeedTableTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void Edge_NotHeardOfForTenMinutes_IsForgotten()
    {
        var table = new FeedTable(_time);
        table.Note(new FeedPosition { Node = "a" });
        _time.Advance(TimeSpan.FromMinutes(9));
        table.Note(new FeedPosition { Node = "b" });
        Assert.Equal(["a", "b"], table.All().Select(feed => feed.Position.Node));

        _time.Advance(TimeSpan.FromMinutes(1));

        var left = Assert.Single(table.All());
        Assert.Equal("b", left.Position.Node);
        Assert.Equal(_time.GetUtcNow() - TimeSpan.FromMinutes(1), left.LastPoll);
    }

    [Fact]
    public void Edge_RunsWhatItRuns_SinceItFirstSaidSo()
    {
        var table = new FeedTable(_time);
        table.Note(new FeedPosition { Node = "a", Running = new("L", 1) });
        var since = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(3));
        table.Note(new FeedPosition { Node = "a", Running = new("L", 1) });
        Assert.Equal(since, table.All()[0].RunningSince);

        table.Note(new FeedPosition { Node = "a", Running = new("L", 2) });

        Assert.Equal(_time.GetUtcNow(), table.All()[0].RunningSince);
    }

    [Fact]
    public void Lag_IsThatOfTheSlowestEdge_AsLongAsItPolls()
    {
        var table = new FeedTable(_time);
        var due = new Manifest { Lineage = "L", Number = 2, Gateway = "managed", CatalogVersion = 1, CreatedAt = _time.GetUtcNow(), Chunks = [] };
        table.Note(new FeedPosition { Node = "fast", Running = new("L", 2) });
        table.Note(new FeedPosition { Node = "slow", Running = new("L", 1) });
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(4), table.Lag(_ => due));

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(TimeSpan.Zero, table.Lag(_ => due));
    }

    [Fact]
    public void Table_IsBounded_AndForgetsTheLongestSilent()
    {
        var table = new FeedTable(_time);
        for (var i = 0; i <= FeedTable.Maximum; i++)
        {
            table.Note(new FeedPosition { Node = $"n{i}" });
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var all = table.All();
        Assert.Equal(FeedTable.Maximum, all.Length);
        Assert.DoesNotContain(all, feed => feed.Position.Node == "n0");
    }

    [Fact]
    public void Reason_IsBounded()
    {
        var table = new FeedTable(_time);

        table.Note(new FeedPosition { Node = "a", Rejected = new PublicationId("L", 1), RejectedBecause = new string('x', 100_000) });

        Assert.Equal(1000, Assert.Single(table.All()).Position.RejectedBecause!.Length);
    }
}
