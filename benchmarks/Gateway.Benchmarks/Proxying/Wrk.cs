using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Benchmarks.Proxying;

/// <summary>The load: wrk, closed loop, 32 connections.</summary>
internal static partial class Wrk
{
    /// <summary>What one run saw.</summary>
    public sealed record Result(long Requests, double PerSecond, string P50, string P99);

    /// <summary>Runs against a URL from one core, or against those that a script in Lua makes of it; throws when any answer was not a success.</summary>
    public static async Task<Result> RunAsync(Uri url, IReadOnlyDictionary<string, string> headers, TimeSpan duration, int core, string? script, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("taskset") { RedirectStandardOutput = true };
        foreach (var argument in (string[])
            ["-c", $"{core}", "wrk", "-t1", "-c32", $"-d{(int)duration.TotalSeconds}s", "--latency", .. headers.SelectMany(header => (string[])["-H", $"{header.Key}: {header.Value}"]), .. script is null ? (string[])[] : ["-s", script], url.ToString()])
        {
            start.ArgumentList.Add(argument);
        }

        using var wrk = Process.Start(start)!;
        var text = await wrk.StandardOutput.ReadToEndAsync(cancellationToken);
        await wrk.WaitForExitAsync(cancellationToken);
        if (wrk.ExitCode != 0 || text.Contains("Non-2xx", StringComparison.Ordinal) || text.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{url}:\n{text}");
        }

        return new Result(
            long.Parse(Requests().Match(text).Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(PerSecond().Match(text).Groups[1].Value, CultureInfo.InvariantCulture),
            Half().Match(text).Groups[1].Value,
            Slowest().Match(text).Groups[1].Value);
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"^\s+50%\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex Half();

    [GeneratedRegex(@"^\s+99%\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex Slowest();
}
