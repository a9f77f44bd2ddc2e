using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Gateway.Site.Tests.Networks;
using Gateway.Site.Tests.Processes;
using Gateway.Site.Tests.Sites;
using Xunit.Abstractions;

namespace Gateway.Site.Tests.Chaos;

/// <summary>
/// Faults at random while callers ask for ten times what limits allow; every admission is judged. The seed is printed; with <c>GATEWAY_CHAOS_SEED</c> the same
/// faults come again, with <c>GATEWAY_CHAOS_MINUTES</c> more of them.
/// </summary>
// Networks of two sites would have the same addresses: one at a time.
[Collection(nameof(TestNetwork))]
public sealed class When_a_site_suffers_at_random(ITestOutputHelper output)
{
    private static readonly JudgedLimit _limit = new(30, 3000);
    private static readonly string[] _outages = ["closed", "last-seen"];

    // Less than is asked for in the time, so that it is used up.
    private const int Quota = 2000;
    private readonly ConcurrentQueue<string> _diary = new();

    [NetworkFact]
    public Task One_fault_at_a_time_lets_nothing_more_pass() => SufferAsync(Minutes(0.7), Fault.Single, isDouble: false);

    [LongNetworkFact]
    public Task A_silo_and_an_edge_in_one_window_let_pass_no_more_than_that_edge_did() => SufferAsync(Minutes(3), Fault.SiloAndEdge, isDouble: true);

    [LongNetworkFact]
    public Task One_fault_at_a_time_for_long_lets_nothing_more_pass() => SufferAsync(Minutes(5), Fault.Single, isDouble: false);

    private static double Minutes(double usual) => double.TryParse(Environment.GetEnvironmentVariable("GATEWAY_CHAOS_MINUTES"), CultureInfo.InvariantCulture, out var asked) ? asked : usual;

    private async Task SufferAsync(double minutes, Func<ChaosSite, Random, Fault> choose, bool isDouble)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_CHAOS_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Environment.TickCount;
        output.WriteLine($"GATEWAY_CHAOS_SEED={seed}");
        var random = new Random(seed);
        await using var site = await ChaosSite.StartAsync();
        string[] keys = [.. _outages.SelectMany(outage => Enumerable.Range(0, 2).Select(number => $"{outage}-{number}"))];
        foreach (var outage in _outages)
        {
            await site.PutApiAsync(
                outage, $"<rate-limit calls=\"{_limit.Limit}\" renewal-period=\"{_limit.Period / 1000}\" on-outage=\"{outage}\" />", [.. keys.Where(key => key.StartsWith(outage, StringComparison.Ordinal))]);
        }

        string[] quotas = ["quota-0", "quota-1"];
        await site.PutApiAsync("quota", $"<quota-by-key calls=\"{Quota}\" renewal-period=\"0\" counter-key=\"@(context.Subscription.Id)\" />", quotas);
        var lost = new ConcurrentQueue<(IPAddress Edge, long From, long To)>();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, ChaosSite.Edges).SelectMany(edge => keys.Concat(quotas).Select(key => CallAsync(site, edge, key, stop.Token))).ToArray();
        var faults = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(minutes); faults++)
        {
            await SufferAsync(site, choose(site, random), random, isDouble ? lost : null);
        }

        // All is whole, and a window has gone by: everybody gets all again.
        var before = site.Admissions.Count;
        await Poll.UntilAsync(
            () => site.Admissions.Skip(before).Where(IsRate).GroupBy(admission => admission.Counter).Count(counter => counter.Count() >= _limit.Limit) == keys.Length,
            LocalSite.Patience, () => $"not every counter gives its {_limit.Limit} again: {Diary}\n{site.Report()}");
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        Assert.True(faults > 0);
        Assert.Empty(AdmissionJudge.Doubles(site.Admissions));
        Assert.All(
            site.Admissions.Where(admission => !IsRate(admission)).GroupBy(admission => admission.Counter),
            counter => Assert.True(counter.Sum(admission => admission.Count) <= Quota, $"{counter.Sum(admission => admission.Count)} of {Quota}\nseed {seed}\n{Diary}"));
        foreach (var counter in site.Admissions.Where(IsRate).GroupBy(admission => admission.Counter))
        {
            var over = AdmissionJudge.Over(counter, _limit, (edge, at) => lost.Any(life => life.Edge.Equals(edge) && life.From <= at + _limit.Period && at <= life.To));
            Assert.True(over.Length == 0, $"counter {counter.Key}: {string.Join("; ", over.Take(5))}\nseed {seed}\n{Diary}");
        }
    }

    private static bool IsRate(Admission admission) => !admission.Path.StartsWith("/quota/", StringComparison.Ordinal);

    private string Diary => string.Join('\n', _diary);

    private async Task SufferAsync(ChaosSite site, Fault fault, Random random, ConcurrentQueue<(IPAddress Edge, long From, long To)>? lost)
    {
        var duration = TimeSpan.FromMilliseconds(random.Next(300, 7000));
        var from = Now();
        _diary.Enqueue($"{from} {fault.Name} for {duration.TotalMilliseconds} ms");
        output.WriteLine(_diary.Last());
        await fault.Strike();
        await Task.Delay(duration);
        await fault.Mend();
        await site.WholeAsync();

        // The faults after this one are no faults of the same window.
        await Task.Delay(_limit.Period + 500);
        _diary.Enqueue($"{Now()} whole for a window");
        foreach (var edge in fault.LostEdges)
        {
            lost?.Enqueue((site.BackendAddressOf(edge), from, Now()));
        }
    }

    private static async Task CallAsync(ChaosSite site, int edge, string key, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await site.CallAsync(edge, key[..key.LastIndexOf('-')], key);
            await Task.Delay(TimeSpan.FromMilliseconds(25), CancellationToken.None);
        }
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
