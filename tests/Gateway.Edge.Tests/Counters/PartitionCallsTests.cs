using Gateway.Contracts.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>What partitions ask of an edge, also while requests take tokens on other threads.</summary>
public sealed class PartitionCallsTests : IDisposable
{
    private readonly LimitHarness _limits = new();
    private int _taken;

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task Recall_TokensInHand_AreGivenBackAtOnce()
    {
        _limits.Silo.GrantAtLeast(7);
        await _limits.DecideAsync();
        _limits.Advance(100);

        await RecallAsync();

        Assert.Equal((1, 0, 0), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held, _limits.Silo.LastRequest.Want));
        Assert.Equal(6, _limits.Silo.Back);
    }

    [Fact]
    public async Task Recall_BusyEdge_KeepsFiveMillisecondsOfItsUse()
    {
        _limits.Silo.GrantAtLeast(1000);
        _limits.Rule = new() { Calls = 10_000, PeriodSeconds = 60 };
        await _limits.DecideAsync();
        for (var i = 0; i < 499; i++)
        {
            _ = _limits.Now();
        }

        _limits.Advance(100);
        await RecallAsync();

        Assert.Equal((500, 25), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));
        Assert.All(Enumerable.Range(0, 25), _ => Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict));
    }

    [Fact]
    public async Task Recall_ComesTwice_IsAnsweredTwiceAndChangesNothingMore()
    {
        _limits.Silo.GrantAtLeast(7);
        await _limits.DecideAsync();
        _limits.Advance(100);

        await RecallAsync();
        await RecallAsync();

        Assert.Equal((0, 0), (_limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));
        Assert.Equal((1, 6), (_limits.Silo.Spent, _limits.Silo.Back));
        Assert.Empty(_limits.Silo.Lies);
    }

    [Fact]
    public async Task Recall_OfAnotherEpoch_IsIgnored()
    {
        _limits.Silo.GrantAtLeast(7);
        await _limits.DecideAsync();

        await _limits.Edge.Recall(_limits.Partition, 99, [_limits.Counter]);

        Assert.Single(_limits.Silo.Calls);
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict));
    }

    [Fact]
    public async Task Recall_WhileRequestsTakeTokens_LosesAndInventsNone()
    {
        _limits.Rule = new() { Calls = 1_000_000, PeriodSeconds = 60 };
        _limits.Silo.GrantAtLeast(500, remaining: 1_000_000);
        using var stop = new CancellationTokenSource();
        var takers = Takers(stop.Token);
        await UntilAsync(() => RecallAsync(), () => Volatile.Read(ref _taken) > 20_000);
        await stop.CancelAsync();
        var admitted = (await Task.WhenAll(takers)).Sum();
        _limits.Advance(2000);
        // Whoever has used up all says so when he is asked.
        await RecallAsync();

        Assert.Empty(_limits.Silo.Lies);
        Assert.Equal(admitted, _limits.Silo.Spent);
        Assert.Equal(_limits.Silo.Granted, _limits.Silo.Spent + _limits.Silo.Back);
    }

    [Fact]
    public async Task GiveBack_WhileOthersTakeAndAreRecalled_LosesAndInventsNone()
    {
        _limits.Rule = new() { Calls = 1_000_000, PeriodSeconds = 60 };
        _limits.Silo.GrantAtLeast(50, remaining: 1_000_000);
        using var stop = new CancellationTokenSource();
        var takers = Takers(stop.Token, givesBack: true);
        await UntilAsync(() => RecallAsync(), () => Volatile.Read(ref _taken) > 20_000);

        await stop.CancelAsync();
        var admitted = (await Task.WhenAll(takers)).Sum();
        _limits.Advance(2000);
        // Whoever has used up all says so when he is asked.
        await RecallAsync();

        Assert.Empty(_limits.Silo.Lies);
        // A token that was reported before it came back stays spent.
        Assert.True(_limits.Silo.Spent >= admitted, $"{admitted} admitted, {_limits.Silo.Spent} reported");
        Assert.Equal(_limits.Silo.Granted, _limits.Silo.Spent + _limits.Silo.Back);
    }

    [Fact]
    public async Task Echo_NewEpoch_TellsAllAndGoesOnWithWhatIsHeld()
    {
        _limits.Silo.GrantAtLeast(7);
        await _limits.DecideAsync();
        _ = _limits.Now();
        _limits.Advance(500);
        _ = _limits.Now();
        _limits.Advance(500);

        var echo = await EchoAsync(2);
        _limits.Silo.Epoch = 2;

        var memory = Assert.Single(echo.Counters);
        Assert.Equal((_limits.Counter, 100L, 4L, 980), (memory.Counter, memory.Definition.Limit, memory.Held, memory.HeldForMilliseconds));
        Assert.Equal(3, memory.Spent.Sum(spend => spend.Count));
        Assert.All(memory.Spent, spend => Assert.InRange(spend.AgeMilliseconds, 0, 500));
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict));

        // Spends of before the echo are told by it.
        await _limits.DecideAsync();
        Assert.Equal((2, 4, 0), (_limits.Silo.Calls.Last().Epoch, _limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));
    }

    /// <summary>The partition may have taken the first answer: what was spent since would be taken for given back.</summary>
    [Fact]
    public async Task Echo_OfTheSameEpochAgain_AnswersAnewAndStillTellsWhatWasSpentSince()
    {
        _limits.Silo.GrantAtLeast(7);
        await _limits.DecideAsync();
        await EchoAsync(2);
        _limits.Silo.Epoch = 2;
        _ = _limits.Now();
        _ = _limits.Now();

        var memory = Assert.Single((await EchoAsync(2)).Counters);
        Assert.Equal((4L, 3L), (memory.Held, memory.Spent.Sum(spend => spend.Count)));
        _limits.Advance(50);

        Assert.Equal((2, 2, 4), (_limits.Silo.Calls.Last().Epoch, _limits.Silo.LastRequest.Spent, _limits.Silo.LastRequest.Held));
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict));
    }

    [Fact]
    public async Task Echo_OfASmallerEpoch_SaysNothingAndChangesNothing()
    {
        _limits.Silo.Epoch = 5;
        _limits.Silo.GrantAtLeast(2);
        await _limits.DecideAsync();

        Assert.Empty((await EchoAsync(4)).Counters);
        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);
    }

    [Fact]
    public async Task Echo_AfterTheWindow_ForgetsOldSpends()
    {
        _limits.Silo.GrantAtLeast(1);
        await _limits.DecideAsync();
        _limits.Advance(59_999);
        Assert.Equal(1, Assert.Single((await EchoAsync(2)).Counters).Spent.Sum(spend => spend.Count));

        _limits.Advance(2100);

        Assert.Empty((await EchoAsync(3)).Counters);
    }

    [Fact]
    public async Task Echo_WhileRequestsTakeTokens_SaysExactlyWhatIsStillSpent()
    {
        for (var round = 0; round < 60; round++)
        {
            using var limits = new LimitHarness { Rule = new() { Calls = 1_000_000, PeriodSeconds = 60 } };
            limits.Silo.GrantOnce(2000, validFor: 3_600_000);
            var learned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            limits.Silo.Before = call => call.Sequence == 1 ? Task.CompletedTask : learned.Task;
            using var granted = new ManualResetEventSlim();
            var takers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                var admitted = 0;
                while ((await limits.DecideAsync()).Verdict == LimitVerdict.Admitted)
                {
                    admitted++;
                    granted.Set();
                }

                return admitted;
            })).ToArray();
            // An echo before the grant has arrived voids it.
            Assert.True(granted.Wait(TimeSpan.FromSeconds(10)));
            Thread.SpinWait(round * 500);

            var echo = await limits.Edge.Echo(limits.Partition, 2, CancellationToken.None);
            limits.Silo.Epoch = 2;
            learned.SetResult();
            await UntilAsync(() => limits.Advance(1), () => takers.All(taker => taker.IsCompleted));
            var admitted = (await Task.WhenAll(takers)).Sum();

            var memory = Assert.Single(echo.Counters);
            Assert.Equal((2000, 2000), (admitted, memory.Held + memory.Spent.Sum(spend => spend.Count)));
        }
    }

    [Fact]
    public async Task Answer_OfASmallerEpoch_GrantsNothing()
    {
        _limits.Silo.Epoch = 5;
        _limits.Silo.GrantAtLeast(1);
        await _limits.DecideAsync();
        _limits.Silo.Answer = answer => answer with { Epoch = 4 };
        var taking = _limits.TakeAsync();
        Assert.False(taking.IsCompleted);

        _limits.Silo.Answer = answer => answer;
        _limits.Advance(2);

        Assert.Equal(LimitVerdict.Admitted, (await taking).Verdict);
    }

    [Fact]
    public async Task Answer_OfAGreaterEpoch_VoidsWhatIsInHand()
    {
        _limits.Silo.GrantAtLeast(8);
        for (var i = 0; i < 5; i++)
        {
            await _limits.DecideAsync();
        }

        _limits.Silo.Epoch = 2;
        _limits.Silo.AdmitsStrangers = true;
        _limits.Silo.GrantAtLeast(3);
        _ = _limits.Now();

        var admitted = 0;
        _limits.Silo.GrantOnce(0);
        while ((await _limits.DecideAsync()).Verdict == LimitVerdict.Admitted)
        {
            admitted++;
        }

        Assert.Equal(3, admitted);
        Assert.Equal(2, _limits.Silo.Calls.Last().Epoch);
    }

    [Fact]
    public async Task Answer_NotReady_IsAskedAgainWhenTold()
    {
        _limits.Silo.Answer = answer => answer with { Replies = [], RetryAfterMilliseconds = 20 };
        var taking = _limits.TakeAsync();
        _limits.Silo.Answer = answer => answer;
        _limits.Silo.GrantAtLeast(1);

        _limits.Advance(19);
        Assert.Single(_limits.Silo.Calls);
        _limits.Advance(1);

        Assert.Equal(LimitVerdict.Admitted, (await taking).Verdict);
    }

    private Task RecallAsync() => _limits.Edge.Recall(_limits.Partition, _limits.Silo.Epoch, [_limits.Silo.Calls.TryPeek(out var call) ? call.Requests[0].Counter : default]);

    private static async Task UntilAsync(Action act, Func<bool> isOver)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (!isOver())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "It takes too long.");
            act();
            await Task.Yield();
        }
    }

    private Task<CounterEcho> EchoAsync(long epoch) => _limits.Edge.Echo(_limits.Partition, epoch, CancellationToken.None);

    private Task<int>[] Takers(CancellationToken stop, bool givesBack = false) => [.. Enumerable.Range(0, 3).Select(taker => Task.Run(async () =>
    {
        var admitted = 0;
        while (!stop.IsCancellationRequested)
        {
            var decision = await _limits.DecideAsync();
            Assert.Equal(LimitVerdict.Admitted, decision.Verdict);
            Interlocked.Increment(ref _taken);
            admitted++;
            if (givesBack && admitted % 3 == taker)
            {
                admitted--;
                decision.Grant!.GiveBack();
                await Task.Yield();
            }
        }

        return admitted;
    }))];
}
