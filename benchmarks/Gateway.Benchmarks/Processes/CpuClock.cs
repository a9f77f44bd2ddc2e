using System.Globalization;

namespace Gateway.Benchmarks.Processes;

/// <summary>CPU time as the kernel counts it, in ticks of 10 ms.</summary>
internal static class CpuClock
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    /// <summary>User and system time of a process.</summary>
    public static TimeSpan Of(int process)
    {
        var line = File.ReadAllText($"/proc/{process}/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return _tick * (Number(fields[11]) + Number(fields[12]));
    }

    /// <summary>Time in which a core was not idle.</summary>
    public static TimeSpan BusyOf(int core)
    {
        var line = File.ReadLines("/proc/stat").First(line => line.StartsWith($"cpu{core} ", StringComparison.Ordinal));
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(Number).ToArray();
        return _tick * (fields.Sum() - fields[3] - fields[4]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
