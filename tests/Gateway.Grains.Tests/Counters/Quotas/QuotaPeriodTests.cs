using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Grains.Counters.Ledgers;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Grains.Tests.Counters.Quotas;

public sealed class QuotaPeriodTests
{
    private const long Hour = 3_600_000;
    private static readonly CounterId Counter = QuotaHolder.Counter;

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeQuotaStore _store = new() { Time = 1000 * Hour };
    private readonly Guid _edge = Guid.NewGuid();

    [Theory]
    [InlineData(3600, 0, 0, 0, 3_600_000)]
    [InlineData(3600, 0, 3_599_999, 0, 3_600_000)]
    [InlineData(3600, 0, 3_600_000, 3_600_000, 7_200_000)]
    [InlineData(3600, 600, 0, -3_000_000, 600_000)]
    [InlineData(3600, -600, 0, -600_000, 3_000_000)]
    [InlineData(0, 5, 77, 5000, QuotaCalendar.Never)]
    public void Calendar_Moment_LiesInThePeriodOfItsAnchor(long seconds, long first, long time, long start, long end) =>
        Assert.Equal((start, end), QuotaCalendar.PeriodAt(new QuotaPeriod(seconds, DateTimeOffset.FromUnixTimeSeconds(first)), time));

    [Fact]
    public void Period_OfTheFirstYear_HasAnIndex() =>
        Assert.Equal(17_750_796, QuotaCalendar.Index(new QuotaPeriod(3600, DateTimeOffset.MinValue), new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds()));

    [Fact]
    public void Period_Over_BeginsAnewWithTheWholeLimit()
    {
        var holder = Holder();
        Assert.Equal(100, holder.SpendAll(_edge));

        holder.Pass(TimeSpan.FromHours(1));

        Assert.Equal(100, holder.SpendAll(_edge));
        Assert.Equal(1001 * Hour, holder.View.Start);
    }

    [Fact]
    public void Period_NeverEnding_IsKeptForEver()
    {
        var holder = Holder(seconds: 0);
        Assert.Equal(100, holder.SpendAll(_edge));
        holder.Pass(TimeSpan.FromDays(4000));

        Assert.Equal((true, 0), (holder.Ask(_edge, 1).IsSpent, holder.Ask(_edge, 1).PeriodEndsInMilliseconds));
    }

    [Fact]
    public void Tokens_NearThePeriodsEnd_EndWithIt()
    {
        var holder = Holder();
        holder.Ask(_edge, 1);
        holder.Pass(TimeSpan.FromMinutes(59));

        Assert.InRange(holder.Ask(_edge, 1).ValidForMilliseconds, 1, 60_000);
    }

    [Fact]
    public void Clock_SteppedBack_OpensNoPeriodTwice()
    {
        var holder = Holder();
        holder.SpendAll(_edge);
        holder.Pass(TimeSpan.FromHours(1));
        Assert.Equal(100, holder.SpendAll(_edge));

        _store.Time -= 2 * Hour;
        var next = Holder();

        Assert.Equal(0, next.SpendAll(_edge));
        next.Pass(TimeSpan.FromHours(1.5));
        Assert.Equal(0, next.SpendAll(_edge));
    }

    [Fact]
    public void Clock_SteppedOn_CountsWhatEdgesHoldInTheNewPeriodToo()
    {
        var holder = Holder();
        holder.Ask(_edge, 1);
        var held = holder.Ask(_edge, 5).Granted;
        _store.Time += Hour;

        var next = Holder();
        next.Partition.Learn(next.Now, _edge, [new CounterMemory { Counter = Counter, Definition = next.Definition, Held = held, HeldForMilliseconds = 600_000 }]);
        next.Go();

        Assert.Equal(5, held);
        Assert.Equal(95, next.SpendAll(Guid.NewGuid()));
    }

    [Fact]
    public void Period_Over_LateReturnsMakeNoTokens()
    {
        var holder = Holder();
        holder.Ask(_edge, 1);
        Assert.Equal(5, holder.Ask(_edge, 5).Granted);
        holder.Pass(TimeSpan.FromHours(1));
        holder.Ask(Guid.NewGuid(), 1);
        holder.Ask(_edge, 0, held: 0);

        Assert.Equal(100, holder.SpendAll(Guid.NewGuid()));
    }

    [Fact]
    public void Store_Flushed_IsToldAgainWhatWasCounted()
    {
        var holder = Holder();
        var before = holder.SpendAll(_edge, 42);
        _store.Records.Clear();

        var after = holder.SpendAll(_edge);

        Assert.InRange(before + after, 95, 100);
        Assert.Equal(100, _store.Reserved(Counter));
    }

    [Fact]
    public void Store_LostTheLastWrite_GrantsNotMoreThanTheLimit()
    {
        var holder = Holder();
        holder.SpendAll(_edge, 38);
        var old = _store.Records[Counter];
        var spent = 38 + holder.SpendAll(_edge, 4);
        _store.Records[Counter] = old;

        Assert.InRange(spent + holder.SpendAll(_edge), 90, 100);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2|0|1|5|n|")]
    [InlineData("1|0|3600000000|x|n|")]
    [InlineData("1|5|5|0|n|")]
    public void Record_ThatNobodyWrote_CountsAsNone(string text)
    {
        _store.Records[Counter] = text;

        Assert.Equal(100, Holder().SpendAll(_edge));
    }

    [Fact]
    public void Set_Lower_FreesTheRestAtOnce()
    {
        var holder = Holder();
        holder.SpendAll(_edge);

        holder.Set(10);

        Assert.Equal((10, 10), (holder.View.Used, _store.Reserved(Counter)));
        Assert.Equal(90, holder.SpendAll(_edge));
    }

    [Fact]
    public void Set_Higher_CountsWhatEdgesHoldOnTop()
    {
        var holder = Holder();
        holder.Ask(_edge, 1);
        var held = holder.Ask(_edge, 5).Granted;

        holder.Set(90);

        Assert.Equal((90, 95), (holder.View.Used, _store.Reserved(Counter)));
        Assert.Equal(5, held);
        Assert.Equal(5, holder.SpendAll(Guid.NewGuid()));
    }

    [Fact]
    public void Set_BeforeAnybodyAsked_OpensThePeriod()
    {
        var holder = Holder();

        holder.Set(70);

        Assert.Equal(70, holder.View.Used);
        Assert.Equal(30, holder.SpendAll(_edge));
    }

    [Fact]
    public void Limit_Lowered_TakesEffectAtOnceAndKeepsTheCount()
    {
        var holder = Holder();
        holder.SpendAll(_edge, 60);
        var other = Guid.NewGuid();
        Assert.True(holder.Ask(other, 5).Granted > 0);
        holder.Definition = holder.Definition with { Limit = 50, Publication = new PublicationId("L", 2) };

        Assert.True(holder.Ask(_edge, 1).IsSpent || holder.Recalled.Contains(other));
        holder.Ask(other, 0, held: 0);
        Assert.Equal(0, holder.SpendAll(_edge));
        holder.Definition = holder.Definition with { Limit = 70, Publication = new PublicationId("L", 3) };
        Assert.Equal(10, holder.SpendAll(_edge));
    }

    [Fact]
    public void Counter_Idle_LeavesTheMemoryAndLosesNothing()
    {
        var holder = Holder();
        holder.SpendAll(_edge, 42);
        for (var tick = 0; tick < 60; tick++)
        {
            holder.Pass(TimeSpan.FromSeconds(5));
            holder.Tick();
        }

        Assert.Equal((0, 42), (holder.Partition.Count, _store.Reserved(Counter)));
        Assert.Equal(58, holder.SpendAll(_edge));
    }

    [Fact]
    public void Counter_IdleBeyondItsPeriod_LeavesTheMemory()
    {
        var holder = Holder();
        holder.SpendAll(_edge, 42);
        _store.IsAway = true;
        holder.Pass(TimeSpan.FromHours(2));
        holder.Tick();
        holder.Pass(TimeSpan.FromMinutes(2));
        holder.Tick();

        Assert.Equal(0, holder.Partition.Count);
    }

    private QuotaHolder Holder(long seconds = 3600) => new(_store, _clock)
    {
        Definition = new() { Limit = 100, PeriodMilliseconds = 0, Quota = new QuotaPeriod(seconds, DateTimeOffset.UnixEpoch), Publication = new PublicationId("L", 1) },
    };
}
