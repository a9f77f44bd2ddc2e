using System.Threading.Channels;
using Gateway.Contracts.Caching;
using Gateway.Policies.Caching;

namespace Gateway.Edge.Caching;

/// <summary>
/// Agrees with the other edges, by the grain of a cache, on who makes what is missing in its store. One loop holds what this edge makes and waits for, and has one call to the grain under way at
/// a time, about all that came in meanwhile. While no silo answers in time nobody is asked: each edge makes its own.
/// </summary>
internal sealed partial class RefillElection : IAsyncDisposable
{
    // Half of the life of what is to be made, at most: one call may be lost.
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly string _cache;
    private readonly RegionSource _source;
    private readonly CacheEdge _edge;
    private readonly CacheOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Note> _notes = Channel.CreateUnbounded<Note>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Task _run;
    private readonly Dictionary<UInt128, TaskCompletionSource<Task?>> _asking = [];
    private readonly Dictionary<UInt128, TaskCompletionSource> _waiting = [];
    private readonly HashSet<UInt128> _making = [];
    private readonly List<RefillEnd> _ended = [];
    private bool _isDue;
    private bool _isAway;
    private int _taken;
    private long _askAgain;

    /// <summary>Begins.</summary>
    /// <param name="cache">The cache's id.</param>
    /// <param name="source">Where the grain is.</param>
    /// <param name="edge">What the grain calls.</param>
    /// <param name="options">How long an answer may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when silos do not answer.</param>
    public RefillElection(string cache, RegionSource source, CacheEdge edge, CacheOptions options, TimeProvider time, ILogger logger)
    {
        (_cache, _source, _edge, _options, _time, _logger) = (cache, source, edge, options, time, logger);
        _askAgain = time.GetTimestamp();
        _timer = time.CreateTimer(_ => _notes.Writer.TryWrite(new Due()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        edge.Add(cache, this);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Asks who makes an entry that this edge would make. Each entry is asked for once until its <see cref="End"/>.</summary>
    /// <returns>Null when this edge does; else what ends when another edge is through with it, or nobody knows any more.</returns>
    public async ValueTask<Task?> AskAsync(UInt128 entry)
    {
        if (_time.GetTimestamp() < Volatile.Read(ref _askAgain))
        {
            return null;
        }

        if (Interlocked.Increment(ref _taken) > RefillCall.MaximumEntries)
        {
            Interlocked.Decrement(ref _taken);
            return null;
        }

        var asked = new Ask(entry, new(TaskCreationOptions.RunContinuationsAsynchronously));
        return _notes.Writer.TryWrite(asked) ? await asked.Answer.Task : null;
    }

    /// <summary>This edge is through with an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="stored">When it was kept: whether it is in the store.</param>
    public void End(UInt128 entry, RefillOutcome outcome, Task<bool> stored) => _ = EndAsync(entry, outcome, stored);

    /// <summary>The grain says that others are through with entries.</summary>
    public void Hear(UInt128[] entries) => _notes.Writer.TryWrite(new Heard(entries));

    public async ValueTask DisposeAsync()
    {
        _edge.Remove(_cache, this);
        _notes.Writer.TryComplete();
        await _stop.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _timer.DisposeAsync();
        _stop.Dispose();
    }

    private async Task EndAsync(UInt128 entry, RefillOutcome outcome, Task<bool> stored)
    {
        var ending = outcome switch
        {
            RefillOutcome.NotMade => RefillEnding.Failed,
            RefillOutcome.Kept when await stored.ConfigureAwait(false) => RefillEnding.Stored,
            _ => RefillEnding.NotStored,
        };
        _notes.Writer.TryWrite(new Ended(new(entry, ending)));
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _notes.Reader.WaitToReadAsync(_stop.Token))
            {
                while (_notes.Reader.TryRead(out var note))
                {
                    Take(note);
                }

                if (_isDue || _asking.Count > 0 || _ended.Count > 0)
                {
                    await CallAsync();
                }
            }
        }
        finally
        {
            while (_notes.Reader.TryRead(out var note))
            {
                Take(note);
            }

            GoOn();
        }
    }

    private void Take(Note note)
    {
        switch (note)
        {
            case Ask ask when !_waiting.ContainsKey(ask.Entry) && _asking.TryAdd(ask.Entry, ask.Answer):
                break;
            case Ask ask:
                Interlocked.Decrement(ref _taken);
                ask.Answer.SetResult(_waiting.GetValueOrDefault(ask.Entry)?.Task);
                break;
            case Heard heard:
                foreach (var entry in heard.Entries)
                {
                    StopWaiting(entry);
                }

                break;
            case Ended { End: var end }:
                StopWaiting(end.Entry);
                if (_making.Remove(end.Entry))
                {
                    Interlocked.Decrement(ref _taken);
                    _ended.Add(end);
                }

                break;
            default:
                _isDue = true;
                break;
        }
    }

    private async Task CallAsync()
    {
        var asked = _asking.Keys.ToArray();
        // Its answer may have been lost, or what was heard of it; or who makes it is no more.
        UInt128[] waited = _isDue ? [.. _waiting.Keys] : [];
        UInt128[] making = _isDue ? [.. _making] : [];
        RefillEnd[] ended = [.. _ended];
        _isDue = false;
        _ended.Clear();
        try
        {
            var call = new RefillCall { Edge = _edge.Reference, Wanted = [.. asked, .. waited], Making = making, Ended = ended };
            var words = await _source(_cache).Elect(call, _stop.Token).WaitAsync(_options.ElectionTimeout / 2, _time, _stop.Token);
            for (var i = 0; i < words.Length; i++)
            {
                Hear(call.Wanted[i], words[i]);
            }

            _isAway = false;
        }
        catch (Exception failure) when (!_stop.IsCancellationRequested)
        {
            if (!_isAway)
            {
                Log.Away(_logger, _cache, failure.GetType().Name);
            }

            _isAway = true;
            Volatile.Write(ref _askAgain, _time.GetTimestamp() + (long)(Pause.TotalSeconds * _time.TimestampFrequency));
            GoOn();
        }

        if (_waiting.Count > 0 || _making.Count > 0)
        {
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void Hear(UInt128 entry, RefillWord word)
    {
        if (!_asking.Remove(entry, out var answer))
        {
            if (word != RefillWord.Wait)
            {
                // Who waits asks again, and is told that it is to make it.
                StopWaiting(entry);
            }

            return;
        }

        switch (word)
        {
            case RefillWord.Make:
                if (!_making.Add(entry))
                {
                    Interlocked.Decrement(ref _taken);
                }

                answer.SetResult(null);
                break;
            case RefillWord.Wait:
                var through = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add(entry, through);
                answer.SetResult(through.Task);
                break;
            default:
                Interlocked.Decrement(ref _taken);
                answer.SetResult(null);
                break;
        }
    }

    /// <summary>Nobody waits for a word of the grain any more.</summary>
    private void GoOn()
    {
        Interlocked.Add(ref _taken, -_asking.Count - _making.Count);
        foreach (var answer in _asking.Values)
        {
            answer.SetResult(null);
        }

        foreach (var entry in _waiting.Keys.ToArray())
        {
            StopWaiting(entry);
        }

        _asking.Clear();
        _making.Clear();
    }

    private void StopWaiting(UInt128 entry)
    {
        if (_waiting.Remove(entry, out var through))
        {
            Interlocked.Decrement(ref _taken);
            through.SetResult();
        }
    }

    private abstract record Note;

    private sealed record Ask(UInt128 Entry, TaskCompletionSource<Task?> Answer) : Note;

    private sealed record Heard(UInt128[] Entries) : Note;

    private sealed record Ended(RefillEnd End) : Note;

    private sealed record Due : Note;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No silo says which edge makes what is missing in the cache {Cache} ({Failure}): each edge makes its own until one does.")]
        public static partial void Away(ILogger logger, string cache, string failure);
    }
}
