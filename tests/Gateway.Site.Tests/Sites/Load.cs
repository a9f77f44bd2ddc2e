using System.Collections.Concurrent;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>Steady requests to some URLs until it is stopped; every answer that is not 200 is kept.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Workers = 4;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly HttpClient _client = Http.Client();
    private readonly Task[] _workers;
    private int _answers;

    public Load(params string[] urls) => _workers = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(() => SendAsync(urls[worker % urls.Length])))];

    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Waits for this many more answers.</summary>
    public Task MoreAsync(int answers)
    {
        var goal = Answers + answers;
        return Poll.UntilAsync(() => Answers >= goal, TimeSpan.FromSeconds(30), () => $"only {Answers} of {goal} answers");
    }

    /// <summary>Ends, and says what went wrong.</summary>
    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        return _failures;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(string url)
    {
        while (!_stop.IsCancellationRequested)
        {
            var answer = await Http.TryAsync(_client, url);
            Interlocked.Increment(ref _answers);
            if (answer != "200")
            {
                _failures.Enqueue($"{url}: {answer}");
            }

            await Task.Delay(5);
        }
    }
}
