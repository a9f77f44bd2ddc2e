using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;
using Gateway.Hosting.Running;

namespace Gateway.Benchmarks.Scale;

/// <summary>
/// Requests at a steady pace, from a process of its own, over some connections: a slow answer makes what follows on its connection late, and that counts, as it would for callers
/// that do not wait for each other. That the client itself woke up late does not count.
/// </summary>
internal static class PacedCalls
{
    private const int Connections = 4;
    private const int WarmCalls = 300;
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(1) * Connections;

    /// <summary>One request: when it was due or sent and when answered, in ticks of the machine's monotonic clock, and whether with 200.</summary>
    internal readonly record struct Call(long Began, long Ended, bool IsGood)
    {
        public double Milliseconds => (Ended - Began) * 1e3 / Stopwatch.Frequency;
    }

    /// <summary>Calls a thousand times a second for a while, in a child, on one core or with null on all.</summary>
    public static async Task<Call[]> MeasureAsync(Uri url, TimeSpan time, int? core, CancellationToken cancellationToken)
    {
        var output = Path.GetTempFileName();
        await using var child = Child.Start(
            core, output, new Dictionary<string, string>(), "dotnet", Programs.Benchmarks, "paced-calls", url.ToString(), time.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        try
        {
            await Until.TrueAsync("the calls are over", () => Task.FromResult(child.HasExited), time + TimeSpan.FromSeconds(30), cancellationToken, pauseMs: 20);
            return [.. (await File.ReadAllLinesAsync(output, cancellationToken)).Select(Parse)];
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>What the child does.</summary>
    public static void Run(Uri url, TimeSpan time)
    {
        // Clients are elsewhere: that the answer waits here for a processor is nothing of the edge.
        TimeSlice.Set(TimeSpan.FromMicroseconds(100));
        var calls = Enumerable.Range(0, Connections).Select(_ => new List<Call>((int)(time / _pace) + 1)).ToArray();
        using var warm = new Barrier(Connections);
        var threads = calls.Select((own, number) => new Thread(() => Follow(url, warm, _pace * number / Connections, time, own))).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        foreach (var call in calls.SelectMany(own => own).OrderBy(call => call.Began))
        {
            Console.WriteLine($"{call.Began} {call.Ended} {call.IsGood}");
        }
    }

    private static void Follow(Uri url, Barrier warm, TimeSpan first, TimeSpan time, List<Call> calls)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        for (var i = 0; i < WarmCalls; i++)
        {
            Ask(http, url);
        }

        warm.SignalAndWait();
        var due = Stopwatch.GetTimestamp() + Ticks(first);
        for (var until = due + Ticks(time); due < until; due += Ticks(_pace))
        {
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero)
            {
                Thread.Sleep(wait);
            }

            var began = wait > TimeSpan.Zero ? Stopwatch.GetTimestamp() : due;
            var isGood = Ask(http, url);
            calls.Add(new Call(began, Stopwatch.GetTimestamp(), isGood));
        }
    }

    private static bool Ask(HttpMessageInvoker http, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = http.Send(request, CancellationToken.None);
        response.Content.ReadAsStream(CancellationToken.None).CopyTo(Stream.Null);
        return response.IsSuccessStatusCode;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static Call Parse(string line)
    {
        var fields = line.Split(' ');
        return fields is [var began, var ended, var good]
            ? new(long.Parse(began, CultureInfo.InvariantCulture), long.Parse(ended, CultureInfo.InvariantCulture), bool.Parse(good))
            : throw new InvalidOperationException($"The calling process said: {line}");
    }
}
