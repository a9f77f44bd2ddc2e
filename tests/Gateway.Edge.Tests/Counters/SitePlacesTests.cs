using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Requests at the same time, over the site.</summary>
public sealed class SitePlacesTests : IDisposable
{
    private const int Life = 15_000;

    private readonly LimitHarness _limits = new();
    private long _free = 2;

    public SitePlacesTests() => _limits.Silo.Word = request =>
    {
        var granted = Math.Min(_free, request.Waiting);
        _free -= granted;
        return new()
        {
            Granted = granted, ValidForMilliseconds = request.Held + granted > 0 ? Life : 0, IsSpent = request.Waiting > 0 && granted == 0,
            RetryAfterMilliseconds = request.Waiting > 0 && granted == 0 ? 50 : 0,
        };
    };

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task Enter_AsManyAsThereAre_ThenIsRefusedAtOnce()
    {
        await InAsync();
        await InAsync();

        Assert.Equal(LimitVerdict.Exceeded, (await EnterAsync()).Verdict);
        var calls = _limits.Silo.Calls.Count;
        Assert.Equal(LimitVerdict.Exceeded, (await EnterAsync()).Verdict);
        Assert.Equal(calls, _limits.Silo.Calls.Count);
        _limits.Advance(60);
        _free = 1;
        Assert.Equal(LimitVerdict.Admitted, (await EnterAsync(most: 3)).Verdict);
        Assert.Empty(_limits.Silo.Lies);
    }

    [Fact]
    public async Task Enter_OwnPlacesFull_IsRefusedWithoutACall()
    {
        await InAsync(most: 1);

        Assert.Equal(LimitVerdict.Exceeded, (await EnterAsync(most: 1)).Verdict);
        Assert.Single(_limits.Silo.Calls);
    }

    [Fact]
    public async Task Leave_PlaceIsUsedAgain_WithoutACall()
    {
        var place = await InAsync();
        place.Leave();
        place.Leave();
        await InAsync();

        Assert.Single(_limits.Silo.Calls);
    }

    [Fact]
    public async Task Leave_PlaceThatNobodyNeeds_IsGivenBackSoon()
    {
        (await InAsync()).Leave();
        await InAsync();
        (await InAsync()).Leave();
        _limits.Advance(200);

        Assert.Equal(1, _limits.Silo.LastRequest.Held);
        Assert.Empty(_limits.Silo.Lies);
    }

    [Fact]
    public async Task Recall_GivesBackWhatIsNotInUse_AtOnce()
    {
        (await InAsync()).Leave();
        await _limits.Edge.Recall(_limits.Partition, 1, [_limits.Counter]);

        Assert.Equal((2, 0L), (_limits.Silo.Calls.Count, _limits.Silo.LastRequest.Held));
    }

    [Fact]
    public async Task Place_InUseForLong_IsRenewed()
    {
        var (_, aborted) = await EnterAbortableAsync();
        _limits.Advance(10 * Life);

        Assert.False(aborted());
        Assert.Equal(1, _limits.Silo.LastRequest.Held);
        Assert.InRange(_limits.Silo.Calls.Count, 30, 40);
    }

    /// <summary>The partition gives it to another one then.</summary>
    [Fact]
    public async Task Place_ThatCannotBeRenewed_EndsItsRequestInTime()
    {
        var (place, aborted) = await EnterAbortableAsync();
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        _limits.Advance((Life * 0.99) - 600);
        Assert.False(aborted());

        _limits.Advance(200);

        Assert.True(aborted());
        place.Leave();
        Assert.Equal(LimitVerdict.Undecided, (await EnterAsync()).Verdict);
    }

    [Fact]
    public async Task Enter_WithoutSilos_IsUndecidedAtOnce()
    {
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        _limits.Contact.NotifyClusterConnectionLost();
        _limits.Advance(3001);

        Assert.Equal(LimitVerdict.Undecided, (await EnterAsync()).Verdict);
    }

    [Fact]
    public async Task Enter_WithoutAnAnswer_IsUndecidedInTime()
    {
        _limits.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        var entering = EnterAsync();
        _limits.Advance(4900);
        Assert.False(entering.IsCompleted);
        _limits.Advance(200);

        Assert.Equal(LimitVerdict.Undecided, (await entering).Verdict);
    }

    [Fact]
    public async Task Enter_ClientLeavesWhileItWaits_TakesNoPlace()
    {
        var answer = new TaskCompletionSource();
        _limits.Silo.Before = _ => answer.Task;
        using var leaving = new CancellationTokenSource();
        var entering = EnterAsync(http: new DefaultHttpContext { RequestAborted = leaving.Token });
        leaving.Cancel();
        await Assert.ThrowsAsync<TaskCanceledException>(() => entering);
        answer.SetResult();
        for (var deadline = DateTime.UtcNow.AddSeconds(20); _limits.Site.Waiters > 0; await Task.Yield())
        {
            Assert.True(DateTime.UtcNow < deadline, "The request still waits.");
        }

        _limits.Advance(200);

        Assert.Equal(0, _limits.Silo.LastRequest.Held);
    }

    [Fact]
    public async Task Echo_TellsThePlaces_AndTheyGoOn()
    {
        var (_, aborted) = await EnterAbortableAsync();

        var echo = await _limits.Edge.Echo(_limits.Partition, 9, CancellationToken.None);

        var memory = Assert.Single(echo.Counters);
        Assert.Equal((1, true), (memory.Held, memory.Definition.IsConcurrency));
        Assert.InRange(memory.HeldForMilliseconds, Life * 0.98, Life);
        Assert.False(aborted());
    }

    [Fact]
    public async Task Partition_ThatAnswersUnderAnotherEpochWithoutAnEcho_EndsRequestsOfTheOldOne()
    {
        var (_, aborted) = await EnterAbortableAsync();
        (_limits.Silo.Epoch, _limits.Silo.AdmitsStrangers) = (2, true);

        await InAsync();

        Assert.True(aborted());
    }

    [Fact]
    public async Task Counter_ThatNobodyUses_IsForgotten()
    {
        (await InAsync()).Leave();
        _limits.Advance(200);
        Assert.Equal(1, _limits.Site.Counters);

        _limits.Limits.Sweep();

        Assert.Equal(0, _limits.Site.Counters);
    }

    [Fact]
    public async Task Key_OfAHundredKilobytes_IsCountedByItsHash()
    {
        var key = new string('k', 100_000);
        Assert.Equal(LimitVerdict.Admitted, (await EnterAsync(key)).Verdict);
        Assert.Equal(LimitVerdict.Admitted, (await EnterAsync(key)).Verdict);

        Assert.Equal(LimitVerdict.Exceeded, (await EnterAsync(key)).Verdict);
    }

    private Task<PlaceDecision> EnterAsync(string key = "k", int most = 2, HttpContext? http = null) =>
        _limits.Limits.SitePlaces.EnterAsync(key, most, http ?? new DefaultHttpContext()).AsTask();

    private async Task<ILimitPlace> InAsync(int most = 2)
    {
        var decision = await EnterAsync(most: most).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(LimitVerdict.Admitted, decision.Verdict);
        return decision.Place!;
    }

    private async Task<(ILimitPlace Place, Func<bool> IsAborted)> EnterAbortableAsync()
    {
        var http = new DefaultHttpContext();
        var lifetime = new Lifetime();
        http.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        var decision = await EnterAsync(http: http);
        return (decision.Place!, () => lifetime.IsAborted);
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
