using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.Policies.Expressions.Budgets;

/// <summary>
/// The time that the running thread has had of a processor, so that a busy machine fails no request; where the system does not tell,
/// the time that has passed.
/// </summary>
internal static class ThreadTime
{
    private const int ThreadCpuTime = 3;
    private static readonly bool _isKnown = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    public static TimeSpan Now =>
        _isKnown && clock_gettime(ThreadCpuTime, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
            : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
