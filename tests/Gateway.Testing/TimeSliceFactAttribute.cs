using System.Globalization;
using Xunit;

namespace Gateway.Testing;

/// <summary>A test of the time slices of threads; skipped, with the reason, where the system has only its own or does not tell.</summary>
public sealed class TimeSliceFactAttribute : FactAttribute
{
    private const string Field = "se.slice";

    private static readonly Version _heeded = new(6, 12);

    /// <summary>Skips unless slices can be set and seen.</summary>
    public TimeSliceFactAttribute() => Skip = SkipReason;

    /// <summary>Why such tests cannot run; null where they can.</summary>
    public static string? SkipReason =>
        !OperatingSystem.IsLinux() || Environment.OSVersion.Version < _heeded ? "Time slices of threads need Linux 6.12."
        : SliceOf("/proc/thread-self") is null ? "The system does not tell the time slices of threads (/proc/thread-self/sched)."
        : null;

    /// <summary>The slice of a thread by its folder in /proc; null when it has ended or the system does not tell.</summary>
    public static TimeSpan? SliceOf(string folder)
    {
        try
        {
            return File.ReadLines(Path.Combine(folder, "sched")).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
                ? TimeSpan.FromMicroseconds(long.Parse(line.AsSpan(line.LastIndexOf(':') + 1), CultureInfo.InvariantCulture) / 1000.0)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
