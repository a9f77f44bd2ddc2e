using System.Collections.Concurrent;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>Subscribers that call as fast as they are answered, and how they were answered.</summary>
internal sealed class Callers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(string Key, string Status), int> _answers = new();
    private readonly HttpClient _client = Http.Client();
    private readonly List<Task> _running = [];
    private int _count;

    /// <summary>All answers.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many calls of a subscriber were answered so.</summary>
    public int Of(string key, string status = "200") => _answers.GetValueOrDefault((key, status));

    /// <summary>How everybody was answered.</summary>
    public string Report => string.Join(", ", _answers.OrderBy(answer => answer.Key.Key, StringComparer.Ordinal).Select(answer => $"{answer.Key.Key} {answer.Key.Status}: {answer.Value}"));

    /// <summary>Lets a subscriber call an URL.</summary>
    public void Start(string url, string key, int most = int.MaxValue, int pause = 0) => _running.Add(Task.Run(() => CallAsync(url, key, most, pause)));

    /// <summary>Waits for so many more answers.</summary>
    public Task MoreAsync(int answers)
    {
        var goal = Count + answers;
        return Poll.UntilAsync(() => Count >= goal, LocalSite.Patience, () => $"only {Count} of {goal} answers: {Report}");
    }

    /// <summary>Waits until those that have a number of calls to make have made them.</summary>
    public async Task EndAsync()
    {
        await Task.WhenAll(_running);
        _running.Clear();
    }

    /// <summary>Ends all calls.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task CallAsync(string url, string key, int most, int pause)
    {
        for (var call = 0; call < most && !_stop.IsCancellationRequested; call++)
        {
            var status = await Http.TryAsync(_client, url, key);
            _answers.AddOrUpdate((key, status), 1, (_, count) => count + 1);
            Interlocked.Increment(ref _count);
            await Task.Delay(TimeSpan.FromMilliseconds(pause));
        }
    }
}
