using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>What an edge does without any silo.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly LimitHarness _limits = new();

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task Take_NoConnectionAndClosed_IsUndecidedAtOnce()
    {
        _limits.Rule = new() { Calls = 100, PeriodSeconds = 60, OnOutage = LimitOutage.Closed };
        await SpendAsync(granted: 2, remaining: 50, edges: 2);
        Disconnect();

        var decision = _limits.Now();
        Assert.Equal((LimitVerdict.Undecided, 1), (decision.Verdict, decision.RetryAfterSeconds));
    }

    [Fact]
    public async Task Take_TokensInHand_AreUsedFirst()
    {
        _limits.Rule = new() { Calls = 100, PeriodSeconds = 60, OnOutage = LimitOutage.Closed };
        _limits.Silo.GrantAtLeast(3);
        await _limits.DecideAsync();
        _limits.Contact.NotifyClusterConnectionLost();
        _limits.Advance(1500);

        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);
    }

    [Fact]
    public async Task Take_ShortlyAfterTheConnectionIsLost_Waits()
    {
        await SpendAsync(granted: 1, remaining: 50, edges: 2);
        Hang();
        _limits.Contact.NotifyClusterConnectionLost();
        _limits.Advance(2999);
        var taking = _limits.TakeAsync();
        Assert.False(taking.IsCompleted);

        _limits.Advance(10);

        Assert.Equal(LimitVerdict.Admitted, (await taking).Verdict);
    }

    [Fact]
    public async Task Take_LastSeen_SpendsItsPartOfWhatRemainedThenOfTheLimit()
    {
        await SpendAsync(granted: 1, remaining: 50, edges: 2);
        Disconnect();

        Assert.Equal(25, Count());
        var denied = _limits.Now();
        Assert.Equal((LimitVerdict.Exceeded, 60), (denied.Verdict, denied.RetryAfterSeconds));

        _limits.Advance(60_000);
        Assert.Equal(50, Count());
        _limits.Advance(30_000);
        Assert.Equal(0, Count());
        _limits.Advance(30_001);
        Assert.Equal(50, Count());
    }

    [Fact]
    public async Task Take_CounterNeverSeen_SpendsItsPartOfTheLimit()
    {
        await SpendAsync(granted: 1, remaining: 50, edges: 4);
        Disconnect();

        Assert.Equal(25, Count("another"));
    }

    [Fact]
    public void Take_NothingEverSeen_IsUndecided()
    {
        Hang();
        Disconnect();

        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
    }

    [Fact]
    public async Task Take_SilosComeBack_CountsWithThemAgain()
    {
        await SpendAsync(granted: 1, remaining: 50, edges: 2);
        Disconnect();
        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);

        _limits.Contact.NotifyGatewayCountChanged(1, 0, connectionRecovered: true);
        _limits.Silo.Before = null;
        _limits.Silo.GrantOnce(1);

        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync()).Verdict);
        Assert.Equal(LimitVerdict.Exceeded, (await _limits.DecideAsync()).Verdict);
        // Both the spends and the outage's are in what a new partition is told.
        var echo = await _limits.Edge.Echo(_limits.Partition, 9, CancellationToken.None);
        Assert.Equal(3, Assert.Single(echo.Counters).Spent.Sum(spend => spend.Count));
    }

    [Fact]
    public async Task Take_ConnectedButNoAnswer_IsAnOutageAfterTenSeconds()
    {
        _limits.Rule = new() { Calls = 100, PeriodSeconds = 60, OnOutage = LimitOutage.Closed };
        await SpendAsync(granted: 1, remaining: 50, edges: 2);
        Hang();
        var first = _limits.TakeAsync();
        for (var second = 0; second < 10; second++)
        {
            _limits.Advance(1000);
        }

        Assert.Equal(LimitVerdict.Undecided, (await first).Verdict);
        Assert.False(_limits.TakeAsync().IsCompleted);
        _limits.Advance(10);

        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
    }

    private async Task SpendAsync(int granted, int remaining, int edges)
    {
        _limits.Silo.Word = _ => new() { Granted = granted, ValidForMilliseconds = 2000, Remaining = remaining, ActiveEdges = edges };
        for (var i = 0; i < granted; i++)
        {
            Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync()).Verdict);
        }
    }

    private void Hang() => _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);

    private void Disconnect()
    {
        Hang();
        _limits.Contact.NotifyClusterConnectionLost();
        _limits.Advance(3001);
    }

    private int Count(string key = "k")
    {
        var admitted = 0;
        while (_limits.Now(key).Verdict == LimitVerdict.Admitted)
        {
            admitted++;
        }

        return admitted;
    }
}
