using System.Collections.Concurrent;
using System.Diagnostics;
using Gateway.Site.Tests.Networks;
using Gateway.Site.Tests.Processes;
using Xunit.Abstractions;

namespace Gateway.Site.Tests.Chaos;

/// <summary>One silo, three, and one again under load: partitions spread and come back, no counter begins anew, no request fails.</summary>
// Networks of two sites would have the same addresses: one at a time.
[Collection(nameof(TestNetwork))]
public sealed class When_silos_come_and_go(ITestOutputHelper output)
{
    private const string Partitions = "gateway_counters_partitions";
    private const int AllPartitions = 256;
    private static readonly JudgedLimit _limit = new(30, 3000);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [NetworkFact]
    public async Task Partitions_follow_and_no_request_fails()
    {
        // On a machine that has much else to do a partition may take long to move; that it does without a failure is what counts.
        await using var site = await ChaosSite.StartAsync(silos: 1, maxWait: "30s");
        string[] keys = [.. Enumerable.Range(0, 6).Select(number => $"scaled-{number}")];
        await site.PutApiAsync("scaled", $"<rate-limit calls=\"{_limit.Limit}\" renewal-period=\"{_limit.Period / 1000}\" />", keys);
        var failures = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, ChaosSite.Edges).SelectMany(edge => keys.Select(key => CallAsync(site, edge, key, failures, stop.Token))).ToArray();

        site.StartSilo(1);
        site.StartSilo(2);
        await site.WholeAsync();
        await SpreadAsync(site, [0, 1, 2]);
        Assert.Equal(0, await site.RetireSiloAsync(0));
        await SpreadAsync(site, [1, 2]);
        Assert.Equal(0, await site.RetireSiloAsync(2));
        await SpreadAsync(site, [1]);
        var before = site.Admissions.Count;
        await Poll.UntilAsync(() => site.Admissions.Count >= before + (keys.Length * _limit.Limit), _patience, () => $"too few admissions\n{site.Report()}");
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        Assert.True(failures.IsEmpty, $"{string.Join("; ", failures.Take(10))}\n{site.Report()}");
        Assert.Empty(AdmissionJudge.Doubles(site.Admissions));
        Assert.All(site.Admissions.GroupBy(admission => admission.Counter), counter => Assert.Empty(AdmissionJudge.Over(counter, _limit, (_, _) => false)));
    }

    // To within 20 % of an equal share.
    private async Task SpreadAsync(ChaosSite site, int[] silos)
    {
        var clock = Stopwatch.StartNew();
        var share = (double)AllPartitions / silos.Length;
        double[] counts = [];
        await Poll.UntilAsync(
            async () =>
            {
                counts = await Task.WhenAll(silos.Select(silo => site.MetricAsync(silo, Partitions)));
                return counts.All(count => Math.Abs(count - share) <= 0.2 * share);
            },
            _patience,
            () => $"partitions of silos [{string.Join(' ', silos)}]: {string.Join(' ', counts)}\n{site.Report()}");
        output.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {silos.Length} silos: {string.Join(' ', counts)} partitions after {clock.Elapsed.TotalSeconds:F1} s");
    }

    private static async Task CallAsync(ChaosSite site, int edge, string key, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var status = await site.CallAsync(edge, "scaled", key);
            if (status is not ("200" or "429"))
            {
                failures.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} edge {edge}, {key}: {status}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }
}
