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
    private readonly List<(long Deadline, long Count)> _tokens = [];
    private readonly List<long> _spends = [];
    private readonly Queue<long> _waiting = new();
    private long _sequence;
    private long _epoch;
    private long _unreported;
    private long _want = 1;
    private long _sliceSize;
    private long _sliceBegan;
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

        var (deadline, count) = _tokens[0];
        if (count == 1)
        {
            _tokens.RemoveAt(0);
        }
        else
        {
            _tokens[0] = (deadline, count - 1);
        }

        _unreported++;
        _spends.Add(Local);
        log.Admit(timeline.Now);
        var left = _tokens.Sum(slice => slice.Count);
        if (left == 0 && _sliceSize > 0)
        {
            Adapt();
        }

        if (_sliceSize >= PrefetchFrom && left * 4 == _sliceSize && Local >= _denyUntil)
        {
            Call();
        }

        return true;
    }

    private void Adapt()
    {
        var lasted = Local - _sliceBegan;
        _want = lasted < Horizon ? Math.Min(Limit, _want * 2) : lasted > 2 * Horizon ? Math.Max(1, _want / 2) : _want;
        _sliceSize = 0;
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
        var rate = _sliceSize == 0 ? 0 : (double)(_sliceSize - Held) / Math.Max(1, Local - _sliceBegan);
        var keep = Math.Min(Held, (long)(rate * RecallKeeps));
        if (keep < Held)
        {
            _want = Math.Max(1, _want / 2);
        }

        var deadline = _tokens[0].Deadline;
        _tokens.Clear();
        if (keep > 0)
        {
            _tokens.Add((deadline, keep));
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
        if (reply.Granted > 0)
        {
            var deadline = sent + (reply.ValidForMilliseconds * 990L);
            _tokens.Add((deadline, reply.Granted));
            _tokens.Sort();
            _sliceSize = Held;
            _sliceBegan = Local;
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
        if (_sliceSize > 0 && _tokens.Sum(slice => slice.Count) > 0)
        {
            _want = Math.Max(1, _want / 2);
        }

        if (_unreported > 0 || _tokens.Count > 0)
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
}
