using Gateway.Benchmarks.Processes;

namespace Gateway.Benchmarks.Proxying;

/// <summary>A proxy that is measured.</summary>
internal sealed record Contender(string Name, Child Process, Uri Url, string Key)
{
    private const int ProxyCore = 0;
    private const int LoadCore = 1;
    private const long WarmRequests = 130_000;
    private static readonly TimeSpan _warmWindow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _longestWarmUp = TimeSpan.FromSeconds(90);

    /// <summary>What each request brings.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string> { ["Ocp-Apim-Subscription-Key"] = Key };

    /// <summary>The script that chooses paths; null for that of the URL.</summary>
    public string? Script { get; init; }

    /// <summary>One window of load. <c>Alien</c>: share of the proxy's core that other work took.</summary>
    public sealed record Window(double MicrosecondsPerRequest, Wrk.Result Load, double Alien);

    public async Task<Window> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var (cpu, busy) = (Process.Cpu(), CpuClock.BusyOf(ProxyCore));
        var load = await Wrk.RunAsync(Url, Headers, duration, LoadCore, Script, cancellationToken);
        var used = Process.Cpu() - cpu;
        var alien = CpuClock.BusyOf(ProxyCore) - busy - used;
        return new Window(used.TotalMicroseconds / load.Requests, load, Math.Max(0, alien / duration));
    }

    /// <summary>Waits until it answers.</summary>
    public async Task ServesAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        await Until.TrueAsync(
            $"{Name} serves",
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Url);
                foreach (var (name, value) in Headers)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }

                using var response = await http.SendAsync(request, cancellationToken);
                return response.IsSuccessStatusCode;
            },
            patience,
            cancellationToken);
    }

    /// <summary>Loads until enough requests were served for the runtime to settle and two windows in a row agree within 5 %.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var requests = 0L;
        var spent = TimeSpan.Zero;
        double? last = null;
        while (spent < _longestWarmUp)
        {
            var window = await MeasureAsync(_warmWindow, cancellationToken);
            requests += window.Load.Requests;
            spent += _warmWindow;
            if (requests >= WarmRequests && last is { } before && Math.Abs((window.MicrosecondsPerRequest / before) - 1) <= 0.05)
            {
                Console.WriteLine($"{Name}: settled at {window.MicrosecondsPerRequest:F1} us after {requests} requests.");
                return;
            }

            last = window.MicrosecondsPerRequest;
        }

        Console.WriteLine($"{Name}: not settled after {requests} requests in {spent.TotalSeconds} s; last window {last:F1} us.");
    }
}
