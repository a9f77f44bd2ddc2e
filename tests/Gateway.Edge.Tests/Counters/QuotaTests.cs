using Gateway.Contracts.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Counters of fixed periods, over a fake partition.</summary>
public sealed class QuotaTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 6, 0, 0, TimeSpan.Zero);

    private readonly LimitHarness _limits = new()
    {
        Rule = new() { Policy = "quota-by-key", Kind = LimitKind.CallQuota, Calls = 20, PeriodSeconds = 3600, FirstPeriodStart = Start },
    };

    public void Dispose() => _limits.Dispose();

    [Theory]
    [InlineData(LimitKind.CallQuota, QuotaMeasure.Calls)]
    [InlineData(LimitKind.BandwidthQuota, QuotaMeasure.Bandwidth)]
    public async Task Take_Quota_AsksWithItsPeriodsAndItsLabel(LimitKind kind, QuotaMeasure measure)
    {
        _limits.Rule = new() { Kind = kind, Calls = 20, PeriodSeconds = 3600, FirstPeriodStart = Start };
        _limits.Silo.GrantAtLeast(3);
        await _limits.DecideAsync(isEstimate: measure == QuotaMeasure.Bandwidth);

        var period = new QuotaPeriod(3600, Start);
        var request = _limits.Silo.LastRequest;
        Assert.Equal((20L, 0, period), (request.Definition.Limit, request.Definition.PeriodMilliseconds, request.Definition.Quota));
        Assert.Equal(QuotaLabel.OfKey("managed", measure, "k"), request.Label);
        Assert.Equal(QuotaNames.OfKey("managed", measure, period, "k"), request.Counter);
    }

    /// <summary>What is not told would be taken for given back: a caller that comes seldom would never reach the quota.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counter_ForgottenAfterItsUse_HasToldWhatWasSpent(bool isEstimate)
    {
        _limits.Silo.GrantOnce(1);
        var decision = await _limits.DecideAsync(isEstimate: isEstimate);
        (decision.Grant as LimitReservation)?.Settle(1);
        _limits.Advance(10_000);
        _limits.Limits.Sweep();
        _limits.Limits.Sweep();

        Assert.Equal((1L, 0L, 0), (_limits.Silo.Spent, _limits.Silo.Back, _limits.Site.Counters));
    }

    [Fact]
    public async Task Take_Spent_TellsTheTimeUntilThePeriodEnds()
    {
        _limits.Silo.Word = _ => new() { IsSpent = true, RetryAfterMilliseconds = 60_000, PeriodEndsInMilliseconds = 40L * 24 * 3600 * 1000, ActiveEdges = 1 };

        var denied = await _limits.DecideAsync();
        Assert.Equal((LimitVerdict.Exceeded, 40 * 24 * 3600), (denied.Verdict, denied.RetryAfterSeconds));
        _limits.Advance(59_000);
        Assert.Equal((40 * 24 * 3600) - 59, _limits.Now().RetryAfterSeconds);
        Assert.Single(_limits.Silo.Calls);

        // The count may have been set: it is asked for again, long before the period ends.
        _limits.Silo.GrantAtLeast(1);
        _limits.Advance(1001);
        Assert.Equal(LimitVerdict.Admitted, (await _limits.DecideAsync()).Verdict);
    }

    [Fact]
    public async Task Take_SpentForEver_HasNoTimeToTell()
    {
        _limits.Silo.Word = _ => new() { IsSpent = true, RetryAfterMilliseconds = 60_000, ActiveEdges = 1 };

        var denied = await _limits.DecideAsync();

        Assert.Equal((LimitVerdict.Exceeded, 0), (denied.Verdict, denied.RetryAfterSeconds));
    }

    [Fact]
    public async Task Settle_Bytes_AddUpToKilobytes()
    {
        _limits.Rule = new() { Kind = LimitKind.BandwidthQuota, Calls = 100, PeriodSeconds = 3600, FirstPeriodStart = Start };
        _limits.Silo.Word = request => new() { Granted = request.Waiting > 0 ? 2 : 0, ValidForMilliseconds = 600_000, PeriodEndsInMilliseconds = 3_600_000, ActiveEdges = 1 };
        foreach (var bytes in (long[])[600, 600, 600])
        {
            ((LimitReservation)(await _limits.DecideAsync(isEstimate: true)).Grant!).Settle(bytes);
        }

        // 1,800 bytes: one KB, and the rest waits for more.
        _limits.Advance(61_000);
        Assert.Equal((1, 0L), (_limits.Silo.Spent, _limits.Silo.Owed));

        ((LimitReservation)(await _limits.DecideAsync(isEstimate: true)).Grant!).Settle(10 * 1024);
        _limits.Advance(61_000);
        // 10 KB, of which two were granted.
        Assert.Equal((3, 8L), (_limits.Silo.Spent, _limits.Silo.Owed));
        Assert.Empty(_limits.Silo.Lies);
    }

    [Fact]
    public async Task Beat_TokensThatNobodyUses_GoBackLongBeforeThePeriodEnds()
    {
        _limits.Silo.Word = request => new() { Granted = request.Waiting > 0 ? 5 : 0, ValidForMilliseconds = 600_000, PeriodEndsInMilliseconds = 3_600_000, ActiveEdges = 1 };
        await _limits.DecideAsync();

        _limits.Advance(59_000);
        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);
        _limits.Advance(61_000);

        Assert.Equal((2, 3L), (_limits.Silo.Spent, _limits.Silo.Back));
        _limits.Limits.Sweep();
        Assert.Equal(0, _limits.Site.Counters);
    }

    [Fact]
    public async Task Outage_Default_RefusesQuotasAndNotRates()
    {
        _limits.Silo.GrantOnce(1);
        await _limits.DecideAsync();
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        _limits.Contact.NotifyClusterConnectionLost();
        _limits.Advance(3001);

        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
        _limits.Rule = new() { Calls = 20, PeriodSeconds = 60 };
        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);
    }

    [Fact]
    public async Task Outage_LastSeen_SpendsItsPartOfEachPeriodAndOwesIt()
    {
        _limits.Rule = new() { Kind = LimitKind.CallQuota, Calls = 20, PeriodSeconds = 300, FirstPeriodStart = Start, OnOutage = LimitOutage.LastSeen };
        _limits.Silo.Word = _ => new() { Granted = 1, ValidForMilliseconds = 100_000, Remaining = 12, PeriodEndsInMilliseconds = 200_000, ActiveEdges = 2 };
        await _limits.DecideAsync();
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        _limits.Contact.NotifyClusterConnectionLost();
        _limits.Advance(4000);

        Assert.Equal(6, Count());
        Assert.Equal(196, _limits.Now().RetryAfterSeconds);
        _limits.Advance(196_001);
        Assert.Equal(10, Count());
        Assert.Equal(0, Count());

        _limits.Silo.Before = null;
        _limits.Contact.NotifyGatewayCountChanged(1, 0, connectionRecovered: true);
        _limits.Advance(2000);
        Assert.Equal(16, _limits.Silo.Owed);
    }

    [Theory]
    [InlineData(LimitKind.Rate)]
    [InlineData(LimitKind.CallQuota)]
    public void Outage_Open_LetsEverythingPassAlsoWhenNothingIsKnown(LimitKind kind)
    {
        _limits.Rule = new() { Kind = kind, Calls = 5, PeriodSeconds = 300, FirstPeriodStart = Start, OnOutage = LimitOutage.Open };
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        _limits.Contact.NotifyClusterConnectionLost();
        _limits.Advance(3001);

        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict));
    }

    [Fact]
    public async Task Take_StoreAway_IsDealtWithAsAnOutage()
    {
        _limits.Silo.Word = _ => new() { IsStoreAway = true, RetryAfterMilliseconds = 250, ActiveEdges = 1 };

        Assert.Equal(LimitVerdict.Undecided, (await _limits.DecideAsync()).Verdict);
        _limits.Rule = new() { Kind = LimitKind.CallQuota, Calls = 20, PeriodSeconds = 3600, FirstPeriodStart = Start, OnOutage = LimitOutage.Open };
        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);

        // It is asked again when a request comes, and what was let pass is told.
        _limits.Silo.Word = request => new() { Granted = request.Want, ValidForMilliseconds = 600_000, PeriodEndsInMilliseconds = 3_600_000, Remaining = 9, ActiveEdges = 1 };
        _limits.Advance(251);
        Assert.Equal(9, _limits.Now().Remaining);
        Assert.Equal(1, _limits.Silo.Owed);
    }

    [Fact]
    public async Task Take_StoreBack_IsHeardAlsoWhenEverybodyWasRefused()
    {
        _limits.Silo.Word = _ => new() { IsStoreAway = true, RetryAfterMilliseconds = 250, ActiveEdges = 1 };
        Assert.Equal(LimitVerdict.Undecided, (await _limits.DecideAsync()).Verdict);
        Assert.Equal(LimitVerdict.Undecided, _limits.Now().Verdict);
        _limits.Silo.Word = request => new() { Granted = request.Want, ValidForMilliseconds = 600_000, PeriodEndsInMilliseconds = 3_600_000, ActiveEdges = 1 };

        _limits.Advance(251);

        Assert.Equal(LimitVerdict.Admitted, _limits.Now().Verdict);
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
