using Gateway.Policies.Execution;
using Gateway.Testing;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Getting tokens, using them in time, and saying what became of them.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly LimitRule Large = new() { Calls = 1000, PeriodSeconds = 60 };

    private readonly LimitHarness _limits = new();

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task Edge_ThatQuits_GivesBackWhatItHolds()
    {
        _limits.Silo.GrantAtLeast(7);
        await _limits.DecideAsync();

        await _limits.Limits.QuitAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((1, 6), (_limits.Silo.Spent, _limits.Silo.Back));
        Assert.True(_limits.Limits.QuitAsync().IsCompleted);
    }

    [Fact]
    public async Task Take_TokensInHand_AsksNobody()
    {
        _limits.Silo.GrantAtLeast(5, remaining: 95);

        var first = await _limits.DecideAsync();
        var rest = Enumerable.Range(0, 4).Select(_ => _limits.Now()).ToArray();

        Assert.Single(_limits.Silo.Calls);
        Assert.Equal([99, 98, 97, 96, 95], rest.Prepend(first).Select(decision => decision.Remaining));
    }

    [Theory]
    [InlineData(1, new long[] { 11, 10, 51, 50 })]
    [InlineData(2, new long[] { 11, 10, 10, 10 })]
    public async Task Take_OthersGiveBack_RemainingRisesOnlyForTheOnlyEdge(int edges, long[] remaining)
    {
        var site = 10;
        _limits.Silo.Word = _ => new() { Granted = 2, ValidForMilliseconds = 2000, Remaining = site, ActiveEdges = edges };
        var told = new List<long> { (await _limits.DecideAsync()).Remaining, _limits.Now().Remaining };
        site = 50;
        told.AddRange([(await _limits.DecideAsync()).Remaining, _limits.Now().Remaining]);
        Assert.Equal(remaining, told);

        _limits.Advance(60_000);
        Assert.Equal(51, (await _limits.DecideAsync()).Remaining);
    }

    [Fact]
    public async Task Take_TokensInHand_AllocatesNothing()
    {
        _limits.Silo.GrantAtLeast(1_000_000);
        _limits.Rule = new() { Calls = 10_000_000, PeriodSeconds = 60 };
        await _limits.DecideAsync();
        var publication = _limits.Apply(2);
        var context = _limits.Context();
        _ = _limits.Now();

        Assert.Equal(0, Allocations.Of(() => _limits.Limits.TakeAsync(_limits.Rule, "k", context, publication).GetAwaiter().GetResult()));
    }

    [Theory]
    [InlineData(1979, true)]
    [InlineData(1981, false)]
    public async Task Take_NearTheEndOfALease_CountsFromTheSendingLessTheDrift(int milliseconds, bool isValid)
    {
        var answered = new TaskCompletionSource();
        _limits.Silo.GrantAtLeast(5);
        _limits.Silo.Before = _ => answered.Task;
        var first = _limits.TakeAsync();
        _limits.Time.Advance(TimeSpan.FromMilliseconds(900));
        answered.SetResult();
        Assert.Equal(LimitVerdict.Admitted, (await first).Verdict);
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);

        _limits.Time.Advance(TimeSpan.FromMilliseconds(milliseconds - 900));

        Assert.Equal(isValid, _limits.TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task Take_GrantThatComesAfterItsEnd_IsNotUsedAndGivenBack()
    {
        var words = 0;
        var gate = new TaskCompletionSource();
        _limits.Silo.Word = _ => new() { Granted = 4, ValidForMilliseconds = words++ == 0 ? 100 : 2000, ActiveEdges = 1 };
        _limits.Silo.Before = _ => gate.Task;
        var taking = _limits.TakeAsync();
        _limits.Time.Advance(TimeSpan.FromMilliseconds(500));
        gate.SetResult();

        Assert.Equal(LimitVerdict.Admitted, (await taking).Verdict);
        Assert.Equal(2, _limits.Silo.Calls.Count);
        Assert.Equal((0, 0), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));
        Assert.Equal(4, _limits.Silo.Back);
    }

    [Fact]
    public async Task Beat_TokensLeftAtTheEnd_AreGivenBackAtOnce()
    {
        _limits.Silo.GrantOnce(6);
        await _limits.DecideAsync();
        _ = _limits.Now();

        _limits.Advance(1990);

        Assert.Equal((0, 0), (_limits.Silo.LastRequest.Held, _limits.Silo.LastRequest.Want));
        Assert.Equal((2, 4), (_limits.Silo.Spent, _limits.Silo.Back));
    }

    [Fact]
    public async Task Take_ManyWait_OneCallAsksForAll()
    {
        var gate = new TaskCompletionSource();
        _limits.Silo.GrantAtLeast(1);
        _limits.Silo.Before = _ => gate.Task;
        var waiting = Enumerable.Range(0, 30).Select(_ => _limits.DecideAsync()).ToArray();
        Assert.Equal(1, Assert.Single(_limits.Silo.Calls).Requests[0].Waiting);

        gate.SetResult();
        var decisions = await Task.WhenAll(waiting);

        Assert.All(decisions, decision => Assert.Equal(LimitVerdict.Admitted, decision.Verdict));
        Assert.Equal([1, 29], _limits.Silo.Calls.Select(call => call.Requests[0].Waiting));
    }

    [Fact]
    public async Task Take_SlicesUsedUpQuickly_AreAskedForInDoubles()
    {
        _limits.Silo.GrantAtLeast(0);
        for (var i = 0; i < 7; i++)
        {
            await _limits.DecideAsync();
        }

        Assert.Equal([1, 2, 4], _limits.Silo.Calls.Select(call => call.Requests[0].Want));
    }

    [Fact]
    public async Task Take_SlicesMostlyUnused_ShrinksAgain()
    {
        _limits.Rule = Large;
        await Take_SlicesUsedUpQuickly_AreAskedForInDoubles();
        await _limits.DecideAsync();
        _limits.Advance(2000);
        await _limits.DecideAsync();
        _limits.Advance(1850);

        Assert.Equal([8, 8, 4], _limits.Silo.Calls.TakeLast(3).Select(call => call.Requests[0].Want));
    }

    [Fact]
    public async Task Take_AQuarterLeft_AsksForTheNextSliceMeanwhile()
    {
        _limits.Silo.GrantAtLeast(8);
        for (var i = 0; i < 5; i++)
        {
            await _limits.DecideAsync();
        }

        Assert.Single(_limits.Silo.Calls);
        _ = _limits.Now();

        Assert.Equal((6, 2, 0), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held, _limits.Silo.LastRequest.Waiting));
        Assert.Equal(2, _limits.Silo.Calls.Count);
        Assert.All(Enumerable.Range(0, 8), _ => Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict));
    }

    [Fact]
    public async Task Take_WindowSpent_IsDeniedHereUntilTheNextAdmission()
    {
        _limits.Silo.GrantOnce(1, retryAfter: 12_300);
        await _limits.DecideAsync();
        var denied = await _limits.DecideAsync();
        Assert.Equal((LimitVerdict.Exceeded, 13, 0L), (denied.Verdict, denied.RetryAfterSeconds, denied.Remaining));

        _limits.Advance(12_299);
        Assert.Equal((LimitVerdict.Exceeded, 1), (_limits.Now().Verdict, _limits.Now().RetryAfterSeconds));
        Assert.Equal(2, _limits.Silo.Calls.Count);

        _limits.Silo.GrantAtLeast(1);
        _limits.Advance(2);
        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync()).Verdict);
    }

    [Fact]
    public async Task Take_TokensMerelyLentToOthers_AsksAgainWhenTold()
    {
        _limits.Silo.Word = _ => new() { RetryAfterMilliseconds = 3, ActiveEdges = 2 };
        var taking = _limits.DecideAsync();
        Assert.Single(_limits.Silo.Calls);

        _limits.Silo.GrantAtLeast(1);
        _limits.Time.Advance(TimeSpan.FromMilliseconds(3));

        Assert.Equal(LimitVerdict.Admitted, (await taking).Verdict);
        Assert.Equal(2, _limits.Silo.Calls.Count);
    }

    [Fact]
    public async Task Take_NobodyGrantsInTime_IsUndecidedAfterMaxWait()
    {
        _limits.Silo.Word = _ => new() { RetryAfterMilliseconds = 1000, ActiveEdges = 2 };
        var taking = _limits.TakeAsync();

        _limits.Advance(4999);
        Assert.False(taking.IsCompleted);
        _limits.Advance(1);

        var decision = await taking;
        Assert.Equal((LimitVerdict.Undecided, 1), (decision.Verdict, decision.RetryAfterSeconds));
        Assert.Equal(0, _limits.Site.Waiters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Take_ProcessStandsStillUntilTheLeaseIsOver_TakesOthersInstead(bool isEstimate)
    {
        for (var looks = 1; looks <= 12; looks++)
        {
            using var limits = new LimitHarness();
            limits.Silo.GrantAtLeast(2);
            await limits.DecideAsync();
            limits.Time.StandStillAfter(looks, TimeSpan.FromSeconds(3));

            Assert.Equal(LimitVerdict.Admitted, (await limits.DecideAsync(isEstimate: isEstimate)).Verdict);
            Assert.Equal(LimitVerdict.Admitted, (await limits.DecideAsync(isEstimate: isEstimate)).Verdict);

            Assert.Equal(0, limits.Site.Waiters);
            Assert.Empty(limits.Silo.Lies);
        }
    }

    [Fact]
    public async Task Take_NoAnswer_IsAskedAgainAndToldAgain()
    {
        _limits.Silo.GrantAtLeast(3);
        await _limits.DecideAsync();
        _ = _limits.Now();
        _ = _limits.Now();
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        var taking = _limits.TakeAsync();

        _limits.Silo.Before = null;
        _limits.Advance(1000);

        Assert.Equal(LimitVerdict.Admitted, (await taking).Verdict);
        Assert.Equal([1, 2, 3], _limits.Silo.Calls.Select(call => call.Sequence));
        Assert.Equal([0, 3, 3], _limits.Silo.Calls.Select(call => call.Requests[0].Spent));
        Assert.Empty(_limits.Silo.Lies);
    }

    [Fact]
    public async Task Take_CallFails_IsAskedAgainAfterAPause()
    {
        _limits.Silo.Before = _ => throw new InvalidOperationException("no connection");
        var taking = _limits.TakeAsync();
        Assert.Single(_limits.Silo.Calls);
        _limits.Silo.Before = null;
        _limits.Silo.GrantAtLeast(1);

        _limits.Advance(199);
        Assert.Single(_limits.Silo.Calls);
        _limits.Advance(2);

        Assert.Equal(LimitVerdict.Admitted, (await taking).Verdict);
    }

    [Fact]
    public async Task GiveBack_BeforeTheReport_IsInHandAgain()
    {
        _limits.Silo.GrantOnce(2);
        var first = await _limits.DecideAsync();
        _ = _limits.Now();

        first.Grant!.GiveBack();

        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);
        Assert.Equal(LimitVerdict.Exceeded, (await _limits.DecideAsync()).Verdict);
        Assert.Equal(2, _limits.Silo.LastRequest.Spent);
    }

    [Fact]
    public async Task GiveBack_AfterTheReport_StaysSpent()
    {
        _limits.Silo.GrantOnce(2);
        var first = await _limits.DecideAsync();
        _ = _limits.Now();
        Assert.Equal(LimitVerdict.Exceeded, (await _limits.DecideAsync()).Verdict);

        first.Grant!.GiveBack();

        Assert.Equal(LimitVerdict.Exceeded, _limits.Now().Verdict);
    }

    [Fact]
    public async Task GiveBack_AfterTheEndOfItsLease_GoesToThePartition()
    {
        _limits.Silo.GrantAtLeast(1);
        var only = await _limits.DecideAsync();
        _limits.Advance(1990);

        only.Grant!.GiveBack();

        Assert.Equal((0, 0), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));
        Assert.Equal(1, _limits.Silo.Back);
    }

    [Fact]
    public async Task Definition_OfANewerPublication_IsToldAtOnce()
    {
        _limits.Silo.GrantOnce(1);
        await _limits.DecideAsync();
        Assert.Equal(LimitVerdict.Exceeded, (await _limits.DecideAsync()).Verdict);
        _limits.Apply(2);
        _limits.Rule = new() { Calls = 200, PeriodSeconds = 60 };
        _limits.Silo.GrantAtLeast(1);

        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync()).Verdict);
        Assert.Equal((200, 2L), (_limits.Silo.LastRequest.Definition.Limit, _limits.Silo.LastRequest.Definition.Publication!.Value.Number));
        Assert.Equal(_limits.Counter, _limits.Silo.LastRequest.Counter);
    }

    [Fact]
    public async Task Take_ClientLeaves_StopsWaiting()
    {
        using var left = new CancellationTokenSource();
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext { RequestAborted = left.Token };
        var taking = _limits.TakeAsync("k", http).AsTask();

        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        _limits.Advance(1);
        Assert.Equal(0, _limits.Site.Waiters);
    }
}
