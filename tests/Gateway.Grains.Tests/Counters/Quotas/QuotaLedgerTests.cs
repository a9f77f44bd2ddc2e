using Gateway.Contracts.Counters;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Grains.Tests.Counters.Quotas;

public sealed class QuotaLedgerTests
{
    private const long Hour = 3_600_000;
    private static readonly CounterId Counter = QuotaHolder.Counter;

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeQuotaStore _store = new() { Time = 1000 * Hour };
    private readonly Guid _edge = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Quota_SpentByOneEdge_GrantsExactlyTheLimit(long limit)
    {
        var holder = Holder(limit);

        Assert.Equal(limit, holder.SpendAll(_edge));

        Assert.Equal((limit, limit), (_store.Reserved(Counter), holder.View.Used));
        var denial = holder.Ask(_edge, 1);
        Assert.True(denial.IsSpent);
        Assert.InRange(denial.PeriodEndsInMilliseconds, Hour - (limit * 30) - 1000, Hour);
        Assert.InRange(denial.RetryAfterMilliseconds, 1, 60_000);
    }

    [Fact]
    public void Quota_FirstAsked_GrantsNothingBeforeItIsReserved()
    {
        var holder = Holder(100);
        _store.IsAway = true;

        var first = holder.Ask(_edge, 10);
        var second = holder.Ask(_edge, 10);

        Assert.Equal((0L, false), (first.Granted, first.IsSpent));
        Assert.Equal((0L, false, true), (second.Granted, second.IsSpent, second.IsStoreAway));
        Assert.Empty(_store.Records);
    }

    [Fact]
    public void Reservations_OfAWholePeriod_AreFew()
    {
        var holder = Holder(10_000);

        holder.SpendAll(_edge);

        Assert.InRange(_store.Writes, 20, 30);
    }

    [Fact]
    public void Store_Away_GrantsWhatIsReserved()
    {
        var holder = Holder(100);
        holder.Ask(_edge, 1);
        _store.IsAway = true;

        var spent = holder.SpendAll(_edge);
        var denial = holder.Ask(_edge, 1);

        Assert.Equal(5, spent);
        Assert.Equal((0L, false, true), (denial.Granted, denial.IsSpent, denial.IsStoreAway));
        _store.IsAway = false;
        holder.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(95, holder.SpendAll(_edge));
    }

    [Fact]
    public void Store_AnswerLost_ReservationIsRecognised()
    {
        var holder = Holder(100);
        _store.LosesAnswers = true;
        holder.Ask(_edge, 1);
        _store.LosesAnswers = false;
        holder.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(100, holder.SpendAll(_edge));
    }

    [Fact]
    public void Holder_Killed_LosesAtMostAChunk()
    {
        var first = Holder(100);
        var before = first.SpendAll(_edge, 42);

        var after = Holder(100, epoch: 2).SpendAll(_other);

        Assert.InRange(before + after, 95, 100);
    }

    [Fact]
    public void Holder_EndedInOrder_LosesNothing()
    {
        var first = Holder(100);
        var before = first.SpendAll(_edge, 42);

        var second = first.HandOver();

        Assert.Equal(42, _store.Reserved(Counter));
        Assert.Equal(58, second.SpendAll(_other));
        Assert.Equal(42, before);
    }

    [Fact]
    public void Holder_EndedInOrder_TokensThatAnEdgeHoldsComeBack()
    {
        var first = Holder(100);
        first.Ask(_edge, 1);
        var held = first.Ask(_edge, 5).Granted;

        var second = first.HandOver();
        var others = second.SpendAll(_other);
        Assert.Contains(_edge, second.Recalled);
        second.Ask(_edge, 0, held: 0, sequence: 100);

        Assert.Equal(100, others + second.SpendAll(_other));
        Assert.Equal(5, held);
    }

    [Fact]
    public void Echo_OfHeldTokens_MakesNoneAndGivesThemBack()
    {
        var first = Holder(100);
        first.Ask(_edge, 1);
        var held = first.Ask(_edge, 5).Granted;

        var second = Holder(100, epoch: 2);
        second.Partition.Learn(second.Now, _edge, [new CounterMemory { Counter = Counter, Definition = second.Definition, Held = held, HeldForMilliseconds = 600_000 }]);
        second.Go();
        var others = second.SpendAll(_other);

        Assert.InRange(others, 90, 95);
        second.Ask(_edge, 0, held: 0);
        Assert.Equal(others + held, others + second.SpendAll(_other));
        Assert.InRange(_store.Reserved(Counter), 95, 100);
    }

    [Fact]
    public void Echo_OfTokensThatNobodyReserved_MakesNone()
    {
        var holder = Holder(100);
        holder.Partition.Learn(holder.Now, _edge, [new CounterMemory { Counter = Counter, Definition = holder.Definition, Held = 1_000_000, HeldForMilliseconds = 600_000 }]);
        holder.Go();
        holder.Ask(_edge, 0, held: 0);

        Assert.InRange(holder.SpendAll(_other), 0, 100);
    }

    [Fact]
    public void Echo_OfAnAbsurdNumber_LeavesTheCountSound()
    {
        var holder = Holder(100);
        holder.SpendAll(_other, 5);
        holder.Partition.Learn(holder.Now, _edge, [new CounterMemory { Counter = Counter, Definition = holder.Definition, Held = long.MaxValue, HeldForMilliseconds = int.MaxValue }]);
        holder.Go();

        Assert.True(holder.Ask(_other, 1).IsSpent || holder.Recalled.Contains(_edge));
        Assert.InRange(_store.Reserved(Counter), 100, long.MaxValue);
    }

    [Fact]
    public void Activations_Two_NeverGrantMoreThanTheLimit()
    {
        var one = Holder(100);
        var two = Holder(100);
        var (spent, first, second) = (0L, 0L, 0L);
        for (var round = 0; round < 400; round++)
        {
            first = one.Ask(_edge, 3, spent: first).Granted;
            second = two.Ask(_other, 2, spent: second).Granted;
            spent += first + second;
            one.Pass(TimeSpan.FromMilliseconds(25));
        }

        Assert.InRange(spent, 50, 100);
        Assert.InRange(_store.Reserved(Counter), 95, 100);
    }

    [Fact]
    public void Tokens_GivenBack_AreLentAgain()
    {
        var holder = Holder(20);
        Assert.Equal(0, holder.Ask(_edge, 1).Granted);
        var held = 0L;
        while (held < 10)
        {
            held += holder.Ask(_edge, 10, held: held).Granted;
        }

        Assert.Equal(10, holder.SpendAll(_other));
        holder.Ask(_edge, 0, held: 0);

        Assert.Equal(held, holder.SpendAll(_other));
    }

    [Fact]
    public void Edge_ThatDoesNotAnswerARecall_IsNotWaitedForLong()
    {
        var holder = Holder(20);
        holder.Ask(_edge, 1);
        Assert.Equal(1, holder.Ask(_edge, 10).Granted);
        holder.SpendAll(_other);
        holder.Pass(TimeSpan.FromSeconds(1.5));

        var denial = holder.Ask(_other, 1);

        Assert.True(denial.IsSpent);
        Assert.InRange(denial.RetryAfterMilliseconds, 1, 1000);
    }

    [Fact]
    public void Owed_ToldAgain_IsChargedOnce()
    {
        var holder = Holder(100);
        holder.Ask(_edge, 0, owed: 30);
        holder.Ask(_edge, 0, owed: 30);
        holder.Ask(_edge, 0, owed: 30, sequence: 1);
        Assert.Equal(30, holder.View.Used);

        var killed = Holder(100, epoch: 2);
        killed.Ask(_edge, 0, owed: 30);
        killed.Ask(_edge, 0, owed: 35);

        Assert.Equal(35, killed.View.Used);
        Assert.Equal(65, killed.SpendAll(_other));
    }

    [Fact]
    public void Owed_BeyondTheLimit_IsChargedBelowZero()
    {
        var holder = Holder(100);
        holder.SpendAll(_other, 90);
        holder.Ask(_edge, 0, owed: 50);

        Assert.True(holder.Ask(_edge, 1, owed: 50).IsSpent);
        Assert.Equal((140, 140), (holder.View.Used, _store.Reserved(Counter)));
    }

    [Fact]
    public void Request_ThatNeedsMoreThanAChunk_GetsAllOrNothing()
    {
        var holder = Holder(100);
        holder.SpendAll(_other, 20);

        Assert.Equal(0, holder.Ask(_edge, 30, least: 30).Granted);
        Assert.InRange(holder.Ask(_edge, 30, least: 30).Granted, 30, 80);
        var denial = holder.Ask(_edge, 90, held: 30, least: 90);

        Assert.Equal((0L, true), (denial.Granted, denial.IsSpent));
        Assert.InRange(_store.Reserved(Counter), 50, 60);
    }

    private QuotaHolder Holder(long limit, long epoch = 1) => new(_store, _clock, epoch)
    {
        Definition = new() { Limit = limit, PeriodMilliseconds = 0, Quota = new QuotaPeriod(3600, DateTimeOffset.UnixEpoch) },
    };
}
