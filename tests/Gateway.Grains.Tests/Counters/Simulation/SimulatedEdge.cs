using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Tests.Counters.Simulation;

/// <summary>An edge that keeps to the protocol, with one counter. Its clock runs at a pace of its own.</summary>
internal sealed class SimulatedEdge(Scenario scenario, Timeline timeline, SimulatedSite site, AdmissionLog log, Random random)
{
    private const long Horizon = 2 * Scenario.Second;
    private const long CallTimeout = Scenario.Second;
    private const long MaxWait = 5 * Scenario.Second;
    private const long RecallKeeps = 5 * Scenario.Millisecond;
    private const int PrefetchFrom = 8;

    // A hundredth less than granted covers clocks up to that much off.
    private readonly double _pace = 1 + ((random.NextDouble() - 0.5) * 0.018);
    private readonly long _offset = random.NextInt64(1L << 40);
    private readonly List<Slice> _tokens = [];
    private readonly List<long> _spends = [];
    private readonly Queue<long> _waiting = new();
    private long _sequence;
    private long _epoch;
    private long _unreported;
    private long _want = 1;
    private double _rate;
    private long _remaining;
    private long _denyUntil = long.MinValue;
    private long _recentRequests;
    private long _call;
    private bool _isCalling;
    private bool _isRecalled;
    private bool _isRetryPlanned;
    private bool _isDead;
    private long _pausedUntil;

    public Guid Id { get; } = new Guid(random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    public int Calls { get; private set; }

    public long Limit { get; set; } = scenario.Limit;

    public long Publication { get; set; } = 1;

    /// <summary>Ends it: its tokens die with it.</summary>
    public void Kill() => _isDead = true;

    public bool IsDead => _isDead;

    /// <summary>Stands still, then goes on as if nothing had been.</summary>
    public void Pause(long until) => _pausedUntil = Math.Max(_pausedUntil, until);

    /// <summary>A client's request.</summary>
    public void Request() => WhenAwake(() =>
    {
        log.Arrived(timeline.Now);
        _recentRequests++;
        if (!TrySpend() && Local >= _denyUntil)
        {
            _waiting.Enqueue(timeline.Now);
            Call();
        }
    });

    /// <summary>A call of the partition.</summary>
    public void Recall(long epoch) => WhenAwake(() =>
    {
        if (epoch == _epoch)
        {
            _isRecalled = true;
            Call();
        }
    });

    /// <summary>A call of the partition, with what to do with the answer.</summary>
    public void Echo(long epoch, Action<CounterMemory[]> answer) => WhenAwake(() =>
    {
        if (epoch < _epoch)
        {
            answer([]);
            return;
        }

        _epoch = epoch;
        _unreported = 0;
        _spends.RemoveAll(spend => Local - spend > scenario.Period * 102 / 100);
        var held = Held;
        answer(
        [
            new CounterMemory
            {
                Counter = SimulatedSite.Counter,
                Definition = Definition,
                Held = held,
                HeldForMilliseconds = held == 0 ? 0 : (int)((_tokens[^1].Deadline - Local) / Scenario.Millisecond) + 1,
                Spent = [.. _spends.Select(spend => new SpendMemory((int)((Local - spend) / Scenario.Millisecond), 1))],
            },
        ]);
    });

    private long Local => _offset + (long)(timeline.Now * _pace);

    private CounterDefinition Definition => new()
    {
        Limit = Limit,
        PeriodMilliseconds = (int)(scenario.Period / Scenario.Millisecond),
        Publication = new PublicationId("L", Publication),
    };

    private long Held
    {
        get
        {
            foreach (var slice in _tokens)
            {
                if (slice.Deadline <= Local && slice.Count > 0)
                {
                    _want = Math.Max(1, _want / 2);
                }
            }

            _tokens.RemoveAll(slice => slice.Deadline <= Local);
            return _tokens.Sum(slice => slice.Count);
        }
    }

    private bool TrySpend()
    {
        if (Held == 0)
        {
            return false;
        }

        var slice = _tokens[0];
        slice.Began = slice.Began == 0 ? Local : slice.Began;
        slice.Count--;
        _unreported++;
        _spends.Add(Local);
        log.Admit(timeline.Now);
        if (slice.Count == 0)
        {
            var lasted = Math.Max(1, Local - slice.Began);
            _rate = (double)slice.Size / lasted;
            _want = lasted < Horizon ? Math.Min(Limit, _want * 2) : lasted > 2 * Horizon ? Math.Max(1, _want / 2) : _want;
            _tokens.RemoveAt(0);
        }

        if (slice.Size >= PrefetchFrom && slice.Count == slice.Size / 4 && _tokens.Count <= 1 && _remaining > 0)
        {
            Call();
        }

        return true;
    }

    private void Call()
    {
        if (_isCalling || _isDead)
        {
            return;
        }

        while (_waiting.TryPeek(out var since) && timeline.Now - since > MaxWait)
        {
            _waiting.Dequeue();
        }

        var isReport = _isRecalled || (_waiting.Count == 0 && _recentRequests == 0);
        if (_isRecalled && Held > 0)
        {
            KeepLittle();
        }

        _isRecalled = false;
        _recentRequests = 0;
        _isCalling = true;
        var call = ++_call;
        var sent = Local;
        var spent = _unreported;
        var epoch = _epoch;
        Calls++;
        site.Acquire(
            this,
            new LeaseCall
            {
                Edge = Id,
                Observer = null!,
                Sequence = ++_sequence,
                Epoch = epoch,
                Requests =
                [
                    new LeaseRequest
                    {
                        Counter = SimulatedSite.Counter,
                        Definition = Definition,
                        Want = isReport && _waiting.Count == 0 ? 0 : _want,
                        Waiting = _waiting.Count,
                        Spent = spent,
                        Held = Held,
                    },
                ],
            },
            answer => WhenAwake(() => Answered(call, sent, epoch, spent, answer)));
        timeline.After(CallTimeout, () => WhenAwake(() => GiveUp(call)));
    }

    private void KeepLittle()
    {
        var last = _tokens[^1];
        last.Count = Math.Min(Held, (long)(_rate * RecallKeeps));
        _want = Math.Max(1, _want / 2);
        _tokens.Clear();
        if (last.Count > 0)
        {
            _tokens.Add(last);
        }
    }

    private void GiveUp(long call)
    {
        if (_isCalling && call == _call)
        {
            _isCalling = false;
            if (_waiting.Count > 0 || _unreported > 0 || Held > 0)
            {
                Call();
            }
        }
    }

    private void Answered(long call, long sent, long calledEpoch, long reported, LeaseAnswer answer)
    {
        if (call != _call || !_isCalling)
        {
            return;
        }

        _isCalling = false;
        if (answer.Epoch < _epoch)
        {
            Retry(1);
            return;
        }

        if (answer.Replies.Length == 0)
        {
            Retry(answer.RetryAfterMilliseconds);
            return;
        }

        if (answer.Epoch > _epoch)
        {
            _tokens.Clear();
            _unreported = 0;
            _epoch = answer.Epoch;
        }
        else if (calledEpoch == answer.Epoch)
        {
            _unreported -= reported;
        }

        var reply = answer.Replies[0];
        _remaining = reply.Remaining;
        if (reply.Granted > 0)
        {
            var deadline = sent + (reply.ValidForMilliseconds * 990L);
            _tokens.Add(new Slice { Deadline = deadline, Count = reply.Granted, Size = reply.Granted });
            _tokens.Sort((one, other) => one.Deadline.CompareTo(other.Deadline));
            timeline.At(timeline.Now + Math.Max(1, deadline - Local), () => WhenAwake(LeaseEnded));
        }

        while (_waiting.Count > 0 && TrySpend())
        {
            _waiting.Dequeue();
        }

        if (reply.Granted == 0 && reply.IsSpent)
        {
            _waiting.Clear();
            _denyUntil = Local + (reply.RetryAfterMilliseconds * 1000L);
        }
        else if (_waiting.Count > 0)
        {
            Retry(reply.Granted > 0 ? 0 : reply.RetryAfterMilliseconds);
        }

        if (_isRecalled)
        {
            Call();
        }
    }

    private void LeaseEnded()
    {
        // Spends that were not reported by now are charged until the same moment with or without a report.
        if (_tokens.Exists(slice => slice.Deadline <= Local))
        {
            Call();
        }
    }

    private void Retry(int milliseconds)
    {
        if (!_isRetryPlanned)
        {
            _isRetryPlanned = true;
            timeline.After(Math.Max(0, milliseconds) * Scenario.Millisecond, () => WhenAwake(() =>
            {
                _isRetryPlanned = false;
                Call();
            }));
        }
    }

    private void WhenAwake(Action action)
    {
        if (_isDead)
        {
            return;
        }

        if (timeline.Now < _pausedUntil)
        {
            timeline.At(_pausedUntil, () => WhenAwake(action));
            return;
        }

        action();
    }

    private sealed class Slice
    {
        public required long Deadline { get; init; }

        public required long Count { get; set; }

        public required long Size { get; init; }

        public long Began { get; set; }
    }
}
