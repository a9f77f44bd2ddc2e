using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Asking for tokens before a request needs them, and telling when others were spent.</summary>
public sealed class AskAheadTests : IDisposable
{
    private readonly LimitHarness _limits = new() { Rule = new() { Calls = 1000, PeriodSeconds = 60 } };

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task Beat_LeaseInUseNearItsEnd_IsFollowedByAnotherWithOneCall()
    {
        _limits.Silo.GrantAtLeast(8);
        await _limits.DecideAsync();
        _ = _limits.Now();

        _limits.Advance(1950);
        Assert.Equal((2, 6), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));
        Assert.Equal(1, _limits.Silo.LastRequest.Want);
        _limits.Advance(100);

        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);
        Assert.Equal((2, 0), (_limits.Silo.Calls.Count, _limits.Silo.Back));
    }

    /// <summary>The partition had nothing besides what this edge held, which is free again with the report.</summary>
    [Fact]
    public async Task Beat_TokensLeftAfterADenial_AreGivenBackAtOnceAndAskedForAgain()
    {
        _limits.Silo.GrantOnce(8, retryAfter: 30_000);
        for (var i = 0; i < 6; i++)
        {
            await _limits.DecideAsync();
        }

        _limits.Silo.Word = _ => new() { ActiveEdges = 1, IsSpent = true, RetryAfterMilliseconds = 30_000 };
        _limits.Advance(1950);
        _limits.Silo.GrantAtLeast(2);
        _limits.Advance(50);

        Assert.Equal((6, 2), (_limits.Silo.Spent, _limits.Silo.Back));
        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync()).Verdict);
    }

    [Fact]
    public async Task Beat_LeaseWithoutUse_IsNotFollowedByAnother()
    {
        _limits.Silo.GrantAtLeast(8);
        (await _limits.DecideAsync()).Grant!.GiveBack();

        _limits.Advance(2500);

        Assert.Equal([1, 0], _limits.Silo.Calls.Select(call => call.Requests[0].Want));
        Assert.Equal(8, _limits.Silo.Back);
    }

    [Fact]
    public async Task Report_OfEarlierSpends_TellsTheirLeastAge()
    {
        _limits.Silo.GrantOnce(4);
        await _limits.DecideAsync();
        _ = _limits.Now();
        _limits.Advance(1000);
        _ = _limits.Now();
        _limits.Advance(850);
        await _limits.Edge.Recall(_limits.Partition, 1, [_limits.Counter]);

        var report = _limits.Silo.LastRequest;
        Assert.Equal((3, 3), (report.Spent, report.Earlier.Sum(spent => spent.Count)));
        Assert.All(report.Earlier, spent => Assert.InRange(spent.AgeMilliseconds, 500, 850));
    }

    /// <summary>A request may have had its word when the process went on, though its token was seen to be gone before.</summary>
    [Fact]
    public async Task Report_AfterAStandstill_TellsNoAgeFromBefore()
    {
        _limits.Silo.GrantOnce(4);
        await _limits.DecideAsync();
        _limits.Advance(500);

        _limits.Time.Advance(TimeSpan.FromMilliseconds(1000));
        _limits.Limits.Beat();
        await _limits.Edge.Recall(_limits.Partition, 1, [_limits.Counter]);

        Assert.Equal(1, _limits.Silo.LastRequest.Spent);
        Assert.Empty(_limits.Silo.LastRequest.Earlier);
    }

    [Fact]
    public async Task Take_TurnedAwayTwice_AsksBeforeTheNextOneWaits()
    {
        _limits.Silo.GrantOnce(1, retryAfter: 1000);
        await _limits.DecideAsync();
        await _limits.DecideAsync();
        _ = _limits.Now();
        _ = _limits.Now();
        var calls = _limits.Silo.Calls.Count;

        _limits.Silo.GrantAtLeast(2);
        _limits.Advance(1010);

        Assert.Equal(calls + 1, _limits.Silo.Calls.Count);
        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);
    }
}
