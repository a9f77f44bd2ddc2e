using System.Diagnostics;
using Gateway.Contracts.Counters;

namespace Gateway.Grains.Tests.Counters;

/// <summary>A plain edge over a real cluster: keeps to the protocol with one counter, one call at a time.</summary>
internal sealed class TestEdge : ICounterEdge, ICounterEdgeView, IDisposable
{
    /// <summary>What a later answer grants is lost to this edge, and counts as spent: longer than a busy machine takes.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    private readonly IClusterClient _client;
    private readonly ICounterEdge _reference;
    private readonly Guid _life = Guid.NewGuid();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private readonly List<(long Deadline, long Count)> _tokens = [];
    private readonly List<long> _spends = [];
    private CounterId _counter;
    private CounterDefinition? _definition;
    private long _sequence;
    private long _epoch;
    private long _unreported;

    public TestEdge(IClusterClient client)
    {
        _client = client;
        _reference = client.CreateObjectReference<ICounterEdge>(this);
    }

    /// <summary>Answers nobody any more.</summary>
    public bool IsDead { get; set; }

    public long Epoch => _epoch;

    public int Echoes { get; private set; }

    public LeaseReply? Last { get; private set; }

    public LeaseReply? Denial { get; private set; }

    public int Spent => _spends.Count;

    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _tokens.Sum(slice => slice.Count);
            }
        }
    }

    public long Want { get; set; } = 1;

    public QuotaLabel? Label { get; init; }

    public string Node { get; init; } = "";

    /// <summary>Spends a token; false when the allowance is spent.</summary>
    /// <exception cref="TimeoutException">Neither came in time.</exception>
    public async Task<bool> SpendAsync(CounterId counter, CounterDefinition definition, TimeSpan? patience = null)
    {
        await _turn.WaitAsync();
        try
        {
            (_counter, _definition) = (counter, definition);
            var started = Stopwatch.StartNew();
            while (started.Elapsed < (patience ?? TimeSpan.FromSeconds(30)))
            {
                if (TrySpend())
                {
                    return true;
                }

                var answer = await CallAsync(Want, 1);
                if (answer is { Replies: [{ Granted: 0, IsSpent: true } denial] })
                {
                    Denial = denial;
                    return false;
                }

                if (answer is null or { Replies: [] } or { Replies: [{ Granted: 0 }] })
                {
                    await Task.Delay(Math.Clamp(answer is { Replies: [var reply] } ? reply.RetryAfterMilliseconds : 20, 1, 200));
                }
            }

            throw new TimeoutException($"No decision on {counter}; last {Last}");
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task Recall(int partition, long epoch, CounterId[] counters)
    {
        lock (_lock)
        {
            if (epoch != _epoch)
            {
                return;
            }

            _tokens.Clear();
        }

        await _turn.WaitAsync();
        try
        {
            await CallAsync(0, 0);
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task<CounterEcho> Echo(int partition, long epoch, CancellationToken cancellationToken)
    {
        if (IsDead)
        {
            return new TaskCompletionSource<CounterEcho>().Task;
        }

        lock (_lock)
        {
            var isAsked = _definition is not null && _counter.Partition == partition;
            Echoes += isAsked ? 1 : 0;
            if (!isAsked || epoch < _epoch)
            {
                return Task.FromResult(new CounterEcho { Edge = _life, Counters = [] });
            }

            _epoch = epoch;
            _unreported = 0;
            var now = Now;
            _tokens.RemoveAll(slice => slice.Deadline <= now);
            return Task.FromResult(new CounterEcho
            {
                Edge = _life,
                Counters =
                [
                    new CounterMemory
                    {
                        Counter = _counter,
                        Definition = _definition!,
                        Held = _tokens.Sum(slice => slice.Count),
                        HeldForMilliseconds = _tokens.Count == 0 ? 0 : (int)(_tokens.Max(slice => slice.Deadline) - now),
                        Spent = [.. _spends.Select(spend => new SpendMemory((int)(now - spend), 1))],
                    },
                ],
            });
        }
    }

    public Task<EdgeLimits> Describe(CounterId[] counters, CancellationToken cancellationToken) => IsDead
        ? new TaskCompletionSource<EdgeLimits>().Task
        : Task.FromResult(new EdgeLimits
        {
            Life = _life,
            Node = Node,
            Mode = "strict",
            Waiting = 0,
            Bound = 0,
            Titles = [.. counters.Where(counter => counter == _counter).Select(counter => Label is null ? new CounterTitle(counter, "rate-limit-by-key", "managed", "k") : CounterTitle.Of(counter, Label))],
        });

    public void Dispose() => _turn.Dispose();

    private static long Now => (long)Stopwatch.GetElapsedTime(0).TotalMilliseconds;

    private bool TrySpend()
    {
        lock (_lock)
        {
            _tokens.RemoveAll(slice => slice.Deadline <= Now);
            if (_tokens.Count == 0)
            {
                return false;
            }

            var (deadline, count) = _tokens[0];
            _tokens[0] = (deadline, count - 1);
            _tokens.RemoveAll(slice => slice.Count == 0);
            _unreported++;
            _spends.Add(Now);
            return true;
        }
    }

    private async Task<LeaseAnswer?> CallAsync(long want, int waiting)
    {
        LeaseCall call;
        long sent;
        lock (_lock)
        {
            sent = Now;
            _tokens.RemoveAll(slice => slice.Deadline <= sent);
            call = new LeaseCall
            {
                Edge = _life,
                Observer = _reference,
                Sequence = ++_sequence,
                Epoch = _epoch,
                Requests =
                [
                    new LeaseRequest
                    {
                        Counter = _counter,
                        Definition = _definition!,
                        Label = Label,
                        Want = want,
                        Waiting = waiting,
                        Spent = _unreported,
                        Held = _tokens.Sum(slice => slice.Count),
                    },
                ],
            };
        }

        LeaseAnswer answer;
        try
        {
            answer = await _client.GetGrain<ICounterPartitionGrain>(_counter.Partition).Acquire(call, CancellationToken.None).WaitAsync(CallTimeout);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            return null;
        }

        lock (_lock)
        {
            if (answer.Epoch < _epoch || answer.Replies is not [var reply])
            {
                return answer with { Replies = [] };
            }

            if (answer.Epoch > _epoch)
            {
                _tokens.Clear();
                (_epoch, _unreported) = (answer.Epoch, 0);
            }
            else if (call.Epoch == answer.Epoch)
            {
                _unreported -= call.Requests[0].Spent;
            }

            Last = reply;
            if (reply.Granted > 0)
            {
                _tokens.Add((sent + (reply.ValidForMilliseconds * 99 / 100), reply.Granted));
            }

            return answer;
        }
    }
}
