using Gateway.Grains.Counters.Holding;

namespace Gateway.Grains.Tests.Counters;

public sealed class FenceKeeperTests
{
    private readonly FenceKeeper _keeper = new(life: 3000, period: 1000);

    [Fact]
    public void Lease_Renewed_LastsALifeFromItsSendingLessAHundredth()
    {
        Renew(0);

        Assert.True(_keeper.Fence.Allows("a", 2969));
        Assert.False(_keeper.Fence.Allows("a", 2970));
        Assert.False(_keeper.Fence.Allows("b", 0));
        Assert.False(_keeper.Fence.IsUnfenced(0));
    }

    [Fact]
    public void Store_FailsToAnswer_LendingGoesOnWithoutAGap()
    {
        Renew(0);
        for (var second = 1; second < 30; second++)
        {
            Fail(second * 1000);
            Assert.True(_keeper.Fence.Allows("a", (second * 1000) + 999));
            Assert.True(_keeper.Fence.Allows("a", (second * 1000) + 1899), $"a gap after {second} s");
        }

        Assert.True(_keeper.Fence.IsUnfenced(30_000));
    }

    [Fact]
    public void Process_StoodStill_OneFailureIsNoOutage()
    {
        Renew(0);
        Fail(20_000);

        Assert.False(_keeper.Fence.Allows("a", 20_950));

        Fail(21_000);
        Assert.True(_keeper.Fence.Allows("a", 21_950));
    }

    [Fact]
    public void Process_StoodStillWhileAnOutageWasOn_LendsNothingOnWaking()
    {
        Renew(0);
        Fail(1000);
        Fail(2000);

        Assert.True(_keeper.Fence.Allows("a", 4000));
        Assert.False(_keeper.Fence.Allows("a", 20_000));
    }

    [Fact]
    public void Process_StoodStillDuringARenewal_ItsFailureDoesNotCount()
    {
        Renew(0);
        Fail(1000);
        _keeper.Attempt(2000);
        _keeper.Failed(20_000);

        Assert.False(_keeper.Fence.Allows("a", 20_001));
    }

    [Fact]
    public void Store_KnowsTheLeaseNoMore_NothingIsLentUnderItEver()
    {
        Renew(0);
        _keeper.Attempt(1000);
        _keeper.Refused();

        Assert.False(_keeper.Fence.Allows("a", 1001));

        _keeper.Renewed("b", 1000);
        Assert.False(_keeper.Fence.Allows("a", 1001));
        Assert.True(_keeper.Fence.Allows("b", 1001));
    }

    [Fact]
    public void Store_NeverAnswered_NothingIsLent()
    {
        Fail(0);
        Fail(1000);
        Fail(2000);

        Assert.False(_keeper.Fence.Allows("", 2901));
        Assert.False(_keeper.Fence.Allows(null, 2901));
    }

    private void Renew(long at)
    {
        _keeper.Attempt(at);
        _keeper.Renewed("a", at);
    }

    private void Fail(long at)
    {
        _keeper.Attempt(at);
        _keeper.Failed(at + 900);
    }
}
