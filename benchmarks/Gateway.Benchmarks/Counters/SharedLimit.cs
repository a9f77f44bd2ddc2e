using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Counters;

/// <summary>Three edges that share a limit of 10 000 a minute, asked for one and a half times that at random moments of random edges.</summary>
internal static class SharedLimit
{
    private const int Limit = 10_000;
    private const double Demand = 1.5;
    private const string Key = "benchmark-key-0123456789abcdef";
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(60);

    public static async Task ReportAsync(Site site, CancellationToken cancellationToken)
    {
        await site.Management.ApplyAsync(Resources(), cancellationToken);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        foreach (var edge in site.Edges)
        {
            await Until.TrueAsync("the edge serves", async () => await CallAsync(http, edge, cancellationToken) is 200 or 429, TimeSpan.FromSeconds(30), cancellationToken);
        }

        await LoadAsync(site, http, _warmUp, cancellationToken);
        var before = await ReadAsync(site, http, cancellationToken);
        var (requests, admitted) = await LoadAsync(site, http, _window, cancellationToken);
        var after = await ReadAsync(site, http, cancellationToken);
        var waits = after.Waits - before.Waits;
        Console.WriteLine(
            $"three edges, {Limit} a minute, {Demand} times that asked: {requests} requests, {admitted} admitted, {(after.Calls - before.Calls) / requests:F4} calls a request, "
            + $"{waits / requests:P2} waited, {(waits == 0 ? 0 : (after.WithinFive - before.WithinFive) / waits):P1} of these at most 5 ms");
    }

    private static async Task<(int Requests, int Admitted)> LoadAsync(Site site, HttpMessageInvoker http, TimeSpan duration, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var (clock, at, answers) = (Stopwatch.StartNew(), 0.0, new List<Task<int>>());
        while (clock.Elapsed < duration)
        {
            // Poisson arrivals.
            at -= Math.Log(1 - random.NextDouble()) * 60 / (Limit * Demand);
            if (TimeSpan.FromSeconds(at) - clock.Elapsed is { Ticks: > 0 } early)
            {
                await Task.Delay(early, cancellationToken);
            }

            answers.Add(CallAsync(http, site.Edges[random.Next(site.Edges.Count)], cancellationToken));
        }

        var statuses = await Task.WhenAll(answers);
        return (statuses.Length, statuses.Count(status => status == 200));
    }

    private static async Task<int> CallAsync(HttpMessageInvoker http, Site.Edge edge, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Address, "/shared/x")) { Headers = { { "Ocp-Apim-Subscription-Key", Key } } };
        using var response = await http.SendAsync(request, cancellationToken);
        return (int)response.StatusCode;
    }

    private static async Task<(double Calls, double Waits, double WithinFive)> ReadAsync(Site site, HttpMessageInvoker http, CancellationToken cancellationToken)
    {
        var (calls, waits, within) = (0.0, 0.0, 0.0);
        foreach (var edge in site.Edges)
        {
            using var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, edge.Metrics), cancellationToken);
            var lines = (await response.Content.ReadAsStringAsync(cancellationToken)).Split('\n');
            calls += Sum(lines, "gateway_limits_calls_total", "");
            waits += Sum(lines, "gateway_limits_lease_wait_seconds_count", "");
            within += Sum(lines, "gateway_limits_lease_wait_seconds_bucket", "le=\"0.005\"");
        }

        return (calls, waits, within);
    }

    private static double Sum(string[] lines, string name, string label) => lines
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));

    private static IEnumerable<(string Id, JsonObject Properties)> Resources() =>
    [
        ("/apis/shared", new JsonObject { ["displayName"] = "shared", ["path"] = "shared", ["protocols"] = new JsonArray("http"), ["serviceUrl"] = "http://127.0.0.1:9" }),
        ("/apis/shared/operations/get", new JsonObject { ["displayName"] = "get", ["method"] = "GET", ["urlTemplate"] = "/*" }),
        ("/apis/shared/policies/policy", new JsonObject
        {
            ["format"] = "rawxml",
            ["value"] = $"<policies><inbound><rate-limit calls=\"{Limit}\" renewal-period=\"60\" /><return-response><set-status code=\"200\" reason=\"OK\" /></return-response></inbound></policies>",
        }),
        ("/subscriptions/shared", new JsonObject { ["displayName"] = "shared", ["scope"] = "/apis", ["state"] = "active", ["primaryKey"] = Key }),
    ];
}
