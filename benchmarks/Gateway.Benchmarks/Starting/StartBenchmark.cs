using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Benchmarks.Processes;
using Gateway.Benchmarks.Sites;

namespace Gateway.Benchmarks.Starting;

/// <summary>From the start of <c>gateway up</c> in an empty folder to the first answer 200 through the gateway, by the curl line that it prints.</summary>
internal static partial class StartBenchmark
{
    private const int Runs = 5;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Runs; i++)
        {
            var folder = Directory.CreateTempSubdirectory("gateway-benchmark-").FullName;
            var data = Path.Combine(folder, "data");
            Console.WriteLine($"empty folder:  {await MeasureAsync(data, Path.Combine(folder, "first.log"), cancellationToken)}");
            Console.WriteLine($"after kill -9: {await MeasureAsync(data, Path.Combine(folder, "second.log"), cancellationToken)}");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(string data, string log, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var gateway = Child.Start(
            core: null, log, new Dictionary<string, string>(),
            Programs.Cli, "up", "--data", data, "--gateway-port", "0", "--gateway-tls-port", "0", "--management-port", "0", "--management-tls-port", "0", "--diagnostics-port", "0");
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var curl = Match.Empty;
        await Until.TrueAsync("a curl line", IsPrintedAsync, _patience, cancellationToken, pauseMs: 10);
        var printed = clock.Elapsed;
        await Until.TrueAsync("the sample answers", () => AnswersAsync(http, curl, cancellationToken), _patience, cancellationToken);
        return $"curl line after {printed.TotalSeconds:F2} s, first proxied 200 after {clock.Elapsed.TotalSeconds:F2} s";

        async Task<bool> IsPrintedAsync() =>
            File.Exists(log) && (curl = Curl().Match(await File.ReadAllTextAsync(log, cancellationToken))).Success;
    }

    private static async Task<bool> AnswersAsync(HttpMessageInvoker http, Match curl, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, curl.Groups["url"].Value) { Headers = { { "Ocp-Apim-Subscription-Key", curl.Groups["key"].Value } } };
        using var response = await http.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    [GeneratedRegex(@"curl[^\n]*Ocp-Apim-Subscription-Key: (?<key>[^'""\s]+)['""][^\n]*?(?<url>http://[^\s'""]+)")]
    private static partial Regex Curl();
}
