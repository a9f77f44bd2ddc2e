using Gateway.Hosting.Running;
using Gateway.Testing;

namespace Gateway.Hosting.Tests.Running;

public sealed class TimeSliceTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMicroseconds(100);

    [TimeSliceFact]
    public void Set_OfAThread_IsThatOfThreadsThatItStarts_AndOfNoOther()
    {
        var (refused, own, started, before) = ("", Current(), Current(), Current());

        InThread(() =>
        {
            refused = TimeSlice.Set(_short);
            own = Current();
            InThread(() => started = Current());
        });

        Assert.Null(refused);
        Assert.Equal((_short, _short), (own, started));
        Assert.Equal(before, Current());
        Assert.NotEqual(_short, before);
    }

    [TimeSliceFact]
    public void RunAside_OfAShortThread_HasTheSystemsOwn()
    {
        var (aside, systems) = (TimeSpan.Zero, Current());

        InThread(() =>
        {
            TimeSlice.Set(_short);
            using var ended = new ManualResetEventSlim();
            _ = TimeSlice.RunAsideAsync(() =>
            {
                aside = Current();
                ended.Set();
                return Task.CompletedTask;
            });
            ended.Wait();
        });

        Assert.Equal(systems, aside);
    }

    [Fact]
    public async Task RunAside_ThatFails_Fails() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => TimeSlice.RunAsideAsync(() => throw new InvalidOperationException("broken")));

    private static TimeSpan Current() => TimeSliceFactAttribute.SliceOf("/proc/thread-self")!.Value;

    private static void InThread(ThreadStart work)
    {
        var thread = new Thread(work);
        thread.Start();
        thread.Join();
    }
}
