using System.Runtime.InteropServices;

namespace Gateway.Hosting.Running;

/// <summary>
/// For how long the system lets a thread run while others wait for the processor. One with a short slice is let in sooner when it wakes up, and has no greater share. A thread gives its
/// slice to those that it starts. Linux heeds it from 6.12 on (sched_setattr(2): <c>sched_runtime</c> of the ordinary policy).
/// </summary>
public static class TimeSlice
{
    private const uint Size = 48;

    private static readonly int? _call = !OperatingSystem.IsLinux() ? null : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 314,
        Architecture.Arm64 => 274,
        _ => null,
    };

    /// <summary>Sets that of the calling thread.</summary>
    /// <param name="slice">From 0.1 to 100 ms, the nearest of which the system takes for others; zero for the system's own, which is some milliseconds.</param>
    /// <returns>Null, or why the system did not take it.</returns>
    public static string? Set(TimeSpan slice)
    {
        if (_call is not { } call)
        {
            return "it is not Linux on x64 or arm64";
        }

        var attributes = new Attributes { Size = Size, Slice = (ulong)slice.Ticks * TimeSpan.NanosecondsPerTick };
        return syscall(call, 0, in attributes, 0) == 0 ? null : Marshal.GetLastPInvokeErrorMessage();
    }

    /// <summary>Runs work that no request waits for on a thread of its own, with the system's own slice: threads of requests are let in before it.</summary>
    public static Task RunAsideAsync(Func<Task> work) => Task.Factory.StartNew(
        () =>
        {
            Set(TimeSpan.Zero);
            return work();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    [DllImport("libc", ExactSpelling = true, SetLastError = true)]
    private static extern nint syscall(nint number, nint thread, in Attributes attributes, nint flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Slice;
        public ulong Deadline;
        public ulong Period;
    }
}
