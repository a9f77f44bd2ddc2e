using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>
/// What is said between this edge and one partition. One call to it is under way at a time and is about all counters that have something to ask or to say; no call
/// is made while the lock of the partition is held.
/// </summary>
internal sealed class PartitionExchange : IDisposable
{
    private readonly int _number;
    private readonly CounterSite _site;
    private readonly CounterClock _clock;
    private readonly CounterSet _counters;
    private readonly Lock _gate;
    private readonly ITimer _timer;
    private TaskCompletionSource? _quit;
    private long _epoch;

    public PartitionExchange(int number, CounterSite site, CounterSet counters, Lock gate)
    {
        (_number, _site, _clock, _counters, _gate) = (number, site, site.Clock, counters, gate);
        Calls = new(_clock, site.Options);
        _timer = _clock.Time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The epoch that is known; 0 for none.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Who stands in line for the next call. Under the lock.</summary>
    public CallQueue Calls { get; }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    /// <summary>A counter may have something to ask or to say. Under the lock.</summary>
    public void Queue(PartitionCounter counter)
    {
        _counters.Watch(counter);
        Calls.Add(counter);
    }

    /// <summary>Makes the next call, if one is due. Without the lock.</summary>
    public void Pump()
    {
        PartitionCall? call;
        lock (_gate)
        {
            call = Calls.TryBegin(_epoch, _counters.Live, out var wait);
            if (wait is { } time)
            {
                _timer.Change(time, Timeout.InfiniteTimeSpan);
            }

            if (_quit is not null && Calls.IsDone)
            {
                _quit.TrySetResult();
            }
        }

        if (call is not null)
        {
            _ = SendAsync(call);
        }
    }

    /// <summary>Other edges wait for tokens of these counters.</summary>
    public void Recall(long epoch, CounterId[] counters)
    {
        lock (_gate)
        {
            _site.Contact.Answered();
            if (epoch != _epoch)
            {
                return;
            }

            var now = _clock.Now;
            foreach (var id in counters)
            {
                if (_counters.Find(id) is { } counter)
                {
                    counter.Recall(now);
                    Queue(counter);
                }
            }
        }

        Pump();
    }

    /// <summary>Tells a partition that knows nothing of this edge what there is, and goes on under its epoch.</summary>
    public CounterMemory[] Echo(long epoch)
    {
        lock (_gate)
        {
            _site.Contact.Answered();
            if (epoch < _epoch)
            {
                return [];
            }

            var now = _clock.Now;
            var memories = _counters.All.Select(counter => counter.Echo(now, epoch)).OfType<CounterMemory>().ToArray();
            Volatile.Write(ref _epoch, epoch);
            return memories;
        }
    }

    /// <summary>The edge ends as planned: gives back what all counters have in hand. Done when the partition has heard of it.</summary>
    public Task QuitAsync()
    {
        Task quit;
        lock (_gate)
        {
            quit = (_quit ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var now = _clock.Now;
            foreach (var counter in _counters.All.Where(counter => counter.IsLive || counter.HasNews))
            {
                counter.Quit(now);
                Queue(counter);
            }
        }

        Pump();
        return quit;
    }

    private async Task SendAsync(PartitionCall call)
    {
        _site.Contact.Asked(call.Sent);
        try
        {
            var asking = _site.AcquireAsync(_number, call.Sequence, call.Epoch, call.Requests);
            var answer = await asking.WaitAsync(_site.Options.AnswerPatience, _clock.Time);
            LimitTelemetry.CountCall(isAnswered: true);
            Take(call, answer);
        }
        catch (Exception failure)
        {
            LimitTelemetry.CountCall(isAnswered: false);
            GiveUp(call, failure);
        }

        Pump();
    }

    private void Take(PartitionCall call, LeaseAnswer answer)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            if (Calls.Answered())
            {
                _site.NoteBack();
            }

            _site.Contact.Answered();
            var isReady = answer.Replies.Length == call.Counters.Length && answer.Epoch >= _epoch;
            if (isReady && answer.Epoch != call.Epoch)
            {
                Adopt(answer.Epoch, now);
            }

            for (var i = 0; i < call.Counters.Length; i++)
            {
                var counter = call.Counters[i];
                if (isReady)
                {
                    counter.Answer(call.Requests[i], answer.Replies[i], answer.Epoch, call.Sent, now);
                    _site.Contact.Shared(answer.Replies[i].ActiveEdges);
                }
                else
                {
                    counter.Postpone(now + _clock.Ticks(Math.Max(1, answer.RetryAfterMilliseconds)));
                }

                Queue(counter);
            }
        }
    }

    /// <summary>The partition has answered without knowing what this edge holds: that is worth nothing any more.</summary>
    private void Adopt(long epoch, long now)
    {
        Volatile.Write(ref _epoch, epoch);
        foreach (var counter in _counters.All)
        {
            counter.Invalidate(now);
        }
    }

    private void GiveUp(PartitionCall call, Exception failure)
    {
        lock (_gate)
        {
            if (Calls.Failed(failure))
            {
                _site.NoteAway(_number, failure);
            }

            foreach (var counter in call.Counters)
            {
                counter.GiveUp(call.Sequence);
                Queue(counter);
            }
        }
    }
}
