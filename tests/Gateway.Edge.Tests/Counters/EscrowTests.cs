using Gateway.Contracts.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>What an edge lets pass that has a share for times without silos.</summary>
public sealed class EscrowTests : IDisposable
{
    private const int From = 30_000;
    private const int Until = 300_000;

    private readonly LimitHarness _limits = new() { Rule = new() { Calls = 20, PeriodSeconds = 10, OnOutage = LimitOutage.Escrow } };

    public EscrowTests() => _limits.Silo.Word = request => new()
    {
        Granted = request.Want > 0 ? 1 : 0,
        ValidForMilliseconds = 300,
        ActiveEdges = 1,
        Remaining = 10,
        Escrow = request.Escrow is { IsWanted: true } ? new(5, From, Until) : null,
    };

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task Take_WithoutAnswers_SpendsTheShareInAnyWindow_OnceItsTimeHasCome()
    {
        await _limits.DecideAsync();
        Disconnect();
        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
        _limits.Advance(From - 3200);
        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
        _limits.Advance(300);

        Assert.Equal(5, Count());
        var denied = _limits.Now();
        Assert.Equal((LimitVerdict.Exceeded, 11), (denied.Verdict, denied.RetryAfterSeconds));
        _limits.Advance(9990);
        Assert.Equal(0, Count());
        _limits.Advance(200);
        Assert.Equal(5, Count());
    }

    [Fact]
    public async Task Take_ForTooLongWithoutAnswers_IsUndecided()
    {
        await _limits.DecideAsync();
        Disconnect();
        _limits.Advance(Until);

        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
    }

    [Fact]
    public void Take_NeverAnswered_IsUndecided()
    {
        Disconnect();
        _limits.Advance(From);

        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
    }

    /// <summary>The others of the site are there: the edge is in no outage.</summary>
    [Fact]
    public async Task Take_OnlyItsPartitionDoesNotAnswer_SpendsTheShare()
    {
        await _limits.DecideAsync();
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        var waiting = _limits.TakeAsync();
        for (var second = 0; second < (From / 1000) + 1; second++)
        {
            _limits.Contact.Answered();
            _limits.Advance(1000);
        }

        Assert.Equal(LimitVerdict.Undecided, (await waiting).Verdict);
        Assert.Equal(5, Count());
    }

    /// <summary>Whoever stands still after the decision does not pass: it would be in another window.</summary>
    [Fact]
    public async Task Share_UsedAndThenAStandstill_LetsNothingPass()
    {
        await _limits.DecideAsync();
        Disconnect();
        _limits.Advance(From);

        var grant = (Gateway.Edge.Counters.EdgeGrant)_limits.Now().Grant!;

        Assert.False(grant.IsOver(_limits.Site.Clock.Now));
        Assert.True(grant.IsOver(_limits.Site.Clock.Now + _limits.Site.Clock.Ticks(100)));
    }

    [Fact]
    public async Task Partition_BackAfterUse_IsToldUntilAWindowHasGoneBy()
    {
        await _limits.DecideAsync();
        Disconnect();
        _limits.Advance(From);
        Assert.Equal(5, Count());
        _limits.Silo.Before = null;
        _limits.Advance(1100);
        Assert.Equal(new EscrowClaim(5, false, true), _limits.Silo.LastRequest.Escrow);
        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync()).Verdict);
        Assert.Equal(new EscrowClaim(5, true, true), _limits.Silo.LastRequest.Escrow);

        _limits.Advance(10_000);

        Assert.False(_limits.Silo.LastRequest.Escrow?.IsUsed == true);
    }

    [Fact]
    public async Task Share_NotNeeded_IsGivenUp_AndThatIsConfirmed()
    {
        await _limits.DecideAsync();
        await _limits.DecideAsync();
        Assert.Equal(new EscrowClaim(5, true, false), _limits.Silo.LastRequest.Escrow);

        _limits.Advance(5400);
        Assert.Equal(new EscrowClaim(5, true, false), _limits.Silo.LastRequest.Escrow);
        _limits.Advance(700);

        Assert.Equal(new EscrowClaim(5, false, false), _limits.Silo.Calls.ToArray()[^2].Requests[0].Escrow);
        Assert.Null(_limits.Silo.LastRequest.Escrow);
        var calls = _limits.Silo.Calls.Count;
        _limits.Advance(10_000);
        Assert.Equal(calls, _limits.Silo.Calls.Count);
    }

    [Fact]
    public async Task Edge_ThatQuits_GivesItsShareUp_WhateverAnAnswerSaysThatIsOnItsWay()
    {
        await _limits.DecideAsync();
        var answered = new TaskCompletionSource();
        _limits.Silo.Before = _ => answered.Task;
        var waiting = _limits.TakeAsync();
        Assert.Equal(new EscrowClaim(5, true, false), _limits.Silo.LastRequest.Escrow);
        var quitting = _limits.Limits.QuitAsync();
        Assert.False(quitting.IsCompleted);

        answered.SetResult();
        await quitting.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(LimitVerdict.Admitted, (await waiting).Verdict);
        Assert.Equal((null, 0), (_limits.Silo.LastRequest.Escrow, _limits.Silo.LastRequest.Held));
        Disconnect();
        _limits.Advance(From);
        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
    }

    /// <summary>What was used of it counts until a window has gone by: nobody else gets that before.</summary>
    [Fact]
    public async Task Edge_ThatQuitsAfterUse_StillTellsWhatItUsed()
    {
        await _limits.DecideAsync();
        Disconnect();
        _limits.Advance(From);
        Assert.Equal(5, Count());
        _limits.Silo.Before = null;

        var quitting = _limits.Limits.QuitAsync();
        _limits.Advance(1100);
        await quitting.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(new EscrowClaim(5, false, true), _limits.Silo.LastRequest.Escrow);
    }

    [Fact]
    public async Task Share_IsToldToAPartitionThatKnowsNothing()
    {
        await _limits.DecideAsync();

        var echo = await _limits.Edge.Echo(_limits.Partition, 9, CancellationToken.None);

        Assert.Equal(5, Assert.Single(echo.Counters).Escrow);
    }

    [Fact]
    public async Task Rule_WithoutEscrow_AsksForNoShare()
    {
        _limits.Rule = new() { Calls = 20, PeriodSeconds = 10 };
        await _limits.DecideAsync();

        Assert.Null(_limits.Silo.LastRequest.Escrow);
    }

    private void Disconnect()
    {
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        _limits.Contact.NotifyClusterConnectionLost();
        _limits.Advance(3001);
    }

    private int Count()
    {
        var admitted = 0;
        while (_limits.Now().Verdict == LimitVerdict.Admitted)
        {
            admitted++;
        }

        return admitted;
    }
}
