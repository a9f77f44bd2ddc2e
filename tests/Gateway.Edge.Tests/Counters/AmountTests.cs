using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Gateway.Testing;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Requests that take several tokens, and those that say at their end what they have used.</summary>
public sealed class AmountTests : IDisposable
{
    private readonly LimitHarness _limits = new();

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task Take_SeveralInHand_AsksNobodyAndAllocatesNothing()
    {
        _limits.Silo.GrantAtLeast(10_000_000);
        _limits.Rule = new() { Calls = 20_000_000, PeriodSeconds = 60 };
        await _limits.DecideAsync(count: 7);
        var publication = _limits.Apply(2);
        var context = _limits.Context();
        var before = _limits.Now(count: 3).Remaining;

        Assert.Equal(before - 5, _limits.Now(count: 5).Remaining);
        var calls = _limits.Silo.Calls.Count;
        Assert.Equal(0, Allocations.Of(() => _limits.Limits.TakeAsync(_limits.Rule, "k", context, publication, 3).GetAwaiter().GetResult()));
        Assert.Equal(calls, _limits.Silo.Calls.Count);
    }

    [Fact]
    public async Task Take_MoreThanInHand_WaitsForWhatIsMissingAndUsesBothLeases()
    {
        _limits.Silo.Word = request => new() { Granted = request.Waiting > 0 ? Math.Max(request.Least, 1) + 2 : 0, ValidForMilliseconds = 2000, ActiveEdges = 1 };
        await _limits.DecideAsync();

        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync(count: 8)).Verdict);

        // Two were in hand, and so many are left of both.
        Assert.Equal((8, 6L), (_limits.Silo.LastRequest.Waiting, _limits.Silo.LastRequest.Least));
        Assert.Equal(1, _limits.Now().Remaining);
        Assert.Empty(_limits.Silo.Lies);
    }

    [Fact]
    public async Task GiveBack_TokensOfTwoLeases_AreInHandAgain()
    {
        _limits.Silo.GrantOnce(3);
        await _limits.DecideAsync();
        _limits.Silo.GrantOnce(4);
        var several = await _limits.DecideAsync(count: 5);

        several.Grant!.GiveBack(5);

        Assert.Equal(LimitVerdict.Admitted, _limits.Now(count: 1).Verdict);
        _limits.Advance(2000);
        Assert.Equal(_limits.Silo.Granted, _limits.Silo.Spent + _limits.Silo.Back);
        Assert.Equal(2, _limits.Silo.Spent);
    }

    [Fact]
    public async Task Take_MoreThanTheLimit_IsExceededWithoutACall()
    {
        var decision = _limits.Now(count: 101);

        Assert.Equal((LimitVerdict.Exceeded, 60), (decision.Verdict, decision.RetryAfterSeconds));
        Assert.Empty(_limits.Silo.Calls);
        _limits.Silo.GrantAtLeast(100);
        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync(count: 100)).Verdict);
    }

    [Fact]
    public async Task Take_TooFewForOne_StillServesThoseWhoWantLess()
    {
        _limits.Silo.Word = request => new()
        {
            Granted = request.Least <= 3 ? request.Waiting : 0, ValidForMilliseconds = 2000, ActiveEdges = 1,
            IsSpent = request.Least > 3, RetryAfterMilliseconds = request.Least > 3 ? 30_000 : 0,
        };

        Assert.Equal((LimitVerdict.Exceeded, 30), ((await _limits.DecideAsync(count: 8)).Verdict, _limits.Now(count: 8).RetryAfterSeconds));
        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync(count: 2)).Verdict);
        Assert.Equal([8, 2], _limits.Silo.Calls.Select(call => call.Requests[0].Least));
    }

    [Theory]
    [InlineData(0, 0, 5)]
    [InlineData(2, 2, 3)]
    [InlineData(5, 5, 0)]
    public async Task Settle_LessThanReserved_TheRestIsFreeAgain(long used, long spent, long back)
    {
        _limits.Silo.GrantOnce(5);
        var reserved = await _limits.DecideAsync(count: 5, isEstimate: true);
        // A report in between: what is set aside is held, not spent.
        Assert.Equal(LimitVerdict.Exceeded, (await _limits.DecideAsync()).Verdict);
        Assert.Equal((0, 5), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));

        var reservation = Assert.IsAssignableFrom<LimitReservation>(reserved.Grant);
        reservation.Settle(used);
        reservation.Settle(100);
        reservation.GiveBack();
        _limits.Advance(60_000);
        await _limits.DecideAsync();

        Assert.Equal((spent, back, 0), (_limits.Silo.Spent, _limits.Silo.Back, _limits.Silo.Owed));
        Assert.Empty(_limits.Silo.Lies);
    }

    [Fact]
    public async Task Settle_LessThanReserved_ServesWhoWaits()
    {
        _limits.Silo.GrantOnce(5);
        var reserved = await _limits.DecideAsync(count: 4, isEstimate: true);
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        var waiting = _limits.TakeAsync(count: 3).AsTask();
        Assert.False(waiting.IsCompleted);

        ((LimitReservation)reserved.Grant!).Settle(1);

        Assert.Equal(LimitVerdict.Admitted, (await waiting).Verdict);
    }

    [Fact]
    public async Task Settle_MoreThanReserved_IsTakenFromTheHandThenOwedAtOnce()
    {
        _limits.Silo.GrantOnce(5);
        var first = await _limits.DecideAsync(isEstimate: true);
        var second = _limits.Now(isEstimate: true);

        ((LimitReservation)first.Grant!).Settle(3);
        Assert.Equal(0, _limits.Silo.Owed);
        ((LimitReservation)second.Grant!).Settle(11);

        Assert.Equal((5, 9L), (_limits.Silo.Spent, _limits.Silo.Owed));
        Assert.Empty(_limits.Silo.Lies);
        // The sum is told, not the news.
        _limits.Silo.GrantOnce(1);
        var third = await _limits.DecideAsync(isEstimate: true);
        ((LimitReservation)third.Grant!).Settle(3);
        Assert.Equal(11, _limits.Silo.Owed);
    }

    [Fact]
    public async Task Settle_AfterTheLease_StaysSpentAndOnlyTheRestIsOwed()
    {
        _limits.Silo.GrantOnce(2);
        var kept = await _limits.DecideAsync(isEstimate: true);
        var more = _limits.Now(isEstimate: true);
        _limits.Advance(2000);

        ((LimitReservation)kept.Grant!).Settle(0);
        ((LimitReservation)more.Grant!).Settle(4);
        _limits.Advance(50);
        await _limits.DecideAsync();

        Assert.Equal((2, 0, 3L), (_limits.Silo.Spent, _limits.Silo.Back, _limits.Silo.Owed));
    }

    [Fact]
    public async Task Echo_WithReservedTokens_HoldsThemUnderTheNewEpoch()
    {
        _limits.Silo.GrantOnce(4);
        var reserved = await _limits.DecideAsync(count: 3, isEstimate: true);
        _ = _limits.Now();

        var echo = await _limits.Edge.Echo(_limits.Partition, 2, CancellationToken.None);
        _limits.Silo.Epoch = 2;

        var memory = Assert.Single(echo.Counters);
        Assert.Equal((3, 1), (memory.Held, memory.Spent.Sum(spend => spend.Count)));
        Assert.Equal(1980, memory.HeldForMilliseconds);
        _limits.Silo.Word = _ => new() { ValidForMilliseconds = 2000, ActiveEdges = 1, IsSpent = true, RetryAfterMilliseconds = 1000 };
        ((LimitReservation)reserved.Grant!).Settle(2);
        await _limits.DecideAsync();
        Assert.Equal((2, 0), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));
    }

    [Fact]
    public async Task Take_Reserved_LeavesWhenTheClientDoes()
    {
        using var left = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        _limits.Silo.Before = _ => gate.Task;
        _limits.Silo.GrantOnce(5);
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext { RequestAborted = left.Token };
        var taking = _limits.TakeAsync("k", http, count: 5, isEstimate: true).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);

        gate.SetResult();
        _limits.Advance(2000);
        await _limits.DecideAsync();

        Assert.Equal((0, 5L), (_limits.Silo.Spent, _limits.Silo.Back));
    }

    [Fact]
    public async Task Settle_WhileOthersTakeAndAreRecalled_LosesAndInventsNone()
    {
        _limits.Rule = new() { Calls = 100_000_000, PeriodSeconds = 60 };
        _limits.Silo.GrantAtLeast(60, remaining: 1_000_000);
        using var stop = new CancellationTokenSource();
        await _limits.DecideAsync();
        var (used, taken) = (1L, 0);
        var takers = Enumerable.Range(0, 3).Select(taker => Task.Run(async () =>
        {
            for (var i = taker; !stop.IsCancellationRequested; i++)
            {
                var (count, isEstimate) = (1 + (i % 5), i % 3 == 0);
                var decision = await _limits.DecideAsync(count: count, isEstimate: isEstimate);
                Assert.Equal(LimitVerdict.Admitted, decision.Verdict);
                if (decision.Grant is LimitReservation reservation)
                {
                    await Task.Yield();
                    count = i % 8;
                    reservation.Settle(count);
                }

                Interlocked.Add(ref used, count);
                Interlocked.Increment(ref taken);
            }
        })).ToArray();
        await Eventually.HoldsAsync(
            () =>
            {
                Recall();
                return Volatile.Read(ref taken) > 10_000;
            },
            "enough is taken");

        await stop.CancelAsync();
        await Task.WhenAll(takers);
        _limits.Advance(2000);
        Recall();

        Assert.Empty(_limits.Silo.Lies);
        Assert.Equal(used, _limits.Silo.Spent + _limits.Silo.Owed);
        Assert.Equal(_limits.Silo.Granted, _limits.Silo.Spent + _limits.Silo.Back);
    }

    private void Recall() => Assert.True(_limits.Edge.Recall(_limits.Partition, _limits.Silo.Epoch, [_limits.Counter]).IsCompletedSuccessfully);
}
