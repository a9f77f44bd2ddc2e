using Gateway.Contracts.Publications;
using Gateway.Contracts.Rollouts;
using Gateway.Grains.Publications;
using Gateway.Grains.Rollouts;

namespace Gateway.Grains.Tests.Rollouts;

/// <summary>Publication 4 is in force and 5 is tried by edges with <c>ring=canary</c>.</summary>
public sealed class RolloutTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RolloutRule _rule = new() { Label = "ring", Value = "canary", MaximumErrorRate = 0.1, Watch = TimeSpan.FromMinutes(5), MinimumRequests = 10 };

    private readonly Rollout _rollout = new(new RolloutRecord(_rule, new("L", 4), null));

    [Theory]
    [InlineData("canary", null, 5)]
    [InlineData("canary", 4, 5)]
    [InlineData("stable", null, 4)]
    [InlineData("stable", 3, 4)]
    [InlineData("stable", 5, 5)]
    public void Edge_IsToRun_WhatItsLabelSays_ButNeverGoesBack(string ring, int? running, long due) =>
        Assert.Equal(due, _rollout.For(Position(ring, running), State(5, 4, 3)).Manifest.Number);

    [Fact]
    public void PublicationThatBringsBackAnEarlierOne_IsForAll()
    {
        var state = State(5, 4) with { Kept = [Kept(6) with { Manifest = Kept(6).Manifest with { RollbackOf = 4 } }, Kept(5), Kept(4)] };

        Assert.Equal(6, _rollout.For(Position("stable", 4), state).Manifest.Number);
        Assert.Equal(Verdict.Promote, _rollout.Judge(state, [], _now));
    }

    [Fact]
    public void Lineage_ThatBegan_IsForAll() =>
        Assert.Equal(Verdict.Promote, new Rollout(new RolloutRecord(_rule, new("before", 40), null)).Judge(State(5, 4), [], _now));

    [Fact]
    public void Publication_ThatNoEdgeOfTheShareRuns_WaitsForOne() =>
        Assert.Equal(Verdict.Wait, _rollout.Judge(State(5, 4), [Feed("stable", 4), Feed("canary", 4)], _now + TimeSpan.FromDays(1)));

    [Theory]
    [InlineData(9, 9, false)]
    [InlineData(10, 1, false)]
    [InlineData(10, 2, true)]
    [InlineData(1000, 100, false)]
    [InlineData(1000, 101, true)]
    public void Publication_IsTakenBack_WhenMoreThanTheAllowedShareOfEnoughAnswersAreErrors(long requests, long errors, bool isTakenBack)
    {
        // The answers of both edges count together.
        var verdict = _rollout.Judge(State(5, 4), [Feed("canary", 5, requests - 4, errors - 1), Feed("canary", 5, 4, 1)], _now);

        Assert.Equal(isTakenBack ? 4L : null, verdict.BackTo);
        Assert.False(verdict.IsPromoted);
    }

    [Fact]
    public void Errors_OfOtherEdges_OrOfThoseNotHeardFrom_OrUnderAnotherPublication_DoNotCount() => Assert.Equal(Verdict.Wait, _rollout.Judge(
        State(5, 4),
        [
            Feed("stable", 5, 100, 100), Feed("canary", 4, 100, 100), Feed("canary", 5, 100, 100) with { LastPoll = _now - TimeSpan.FromMinutes(1) }, Feed("canary", 5, 100, 0),
        ],
        _now));

    [Fact]
    public void Publication_ThatAnEdgeOfTheShareCannotPutInForce_IsTakenBackAndSaysWhich()
    {
        var feed = Feed("canary", 4);

        var verdict = _rollout.Judge(State(5, 4), [feed with { Position = feed.Position with { Rejected = new("L", 5), RejectedBecause = "no such backend" } }], _now);

        Assert.Equal((4L, "L/5 was taken back: edge e could not put it in force, no such backend"), (verdict.BackTo, verdict.Reason));
    }

    [Fact]
    public void Publication_WatchedLongEnough_IsForAll()
    {
        Assert.Equal(Verdict.Wait, _rollout.Judge(State(5, 4), [Feed("canary", 5) with { RunningSince = _now - TimeSpan.FromSeconds(299) }], _now));

        Assert.Equal(Verdict.Promote, _rollout.Judge(State(5, 4), [Feed("canary", 5) with { RunningSince = _now - TimeSpan.FromSeconds(300) }], _now));
    }

    [Fact]
    public void Record_IsReadAsItWasKept()
    {
        var record = new RolloutRecord(_rule, new("L", 4), "Publication L/3 was taken back.");

        Assert.Equal(record, RolloutRecord.FromBytes(record.ToBytes()));
    }

    private static FeedPosition Position(string ring, int? running, long requests = 0, long errors = 0) => new()
    {
        Node = "e", Running = running is { } number ? new("L", number) : null, Labels = new() { ["ring"] = ring }, Requests = requests, Errors = errors,
    };

    private static FeedStatus Feed(string ring, int running, long requests = 0, long errors = 0) => new(Position(ring, running, requests, errors), _now) { RunningSince = _now };

    private static PublishedState State(params long[] numbers) => new() { Kept = [.. numbers.Select(Kept)] };

    private static KeptPublication Kept(long number)
    {
        var manifest = new Manifest { Lineage = "L", Number = number, Gateway = "managed", CatalogVersion = number, CreatedAt = _now, Chunks = [] };
        return new KeptPublication(new SignedManifest { Payload = [], Signature = [], PublicKey = [] }, manifest, PartIndex.Empty);
    }
}
