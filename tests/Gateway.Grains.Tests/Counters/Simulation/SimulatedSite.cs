using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters.Simulation;

/// <summary>The holder of a partition, its successors, and a network that does what networks do.</summary>
internal sealed class SimulatedSite(Scenario scenario, Timeline timeline, Random random)
{
    public static readonly CounterId Counter = CounterId.Of("simulated");

    private const long Fence = 3 * Scenario.Second;
    private const long EchoTimeout = 700 * Scenario.Millisecond;
    private const int EchoTries = 3;

    private readonly List<SimulatedEdge> _edges = [];
    private readonly Dictionary<Guid, long> _asking = [];
    private CounterPartition? _holder = new(1, 16);
    private bool _isReady = true;
    private long _epoch = 1;
    private long _clockOffset = random.NextInt64(1L << 40);
    private long _pausedUntil;

    public int Recalls { get; private set; }

    public int Echoes { get; private set; }

    public int Cut { get; private set; }

    public void Add(SimulatedEdge edge) => _edges.Add(edge);

    /// <summary>An edge calls. The answer may never come, or come twice.</summary>
    public void Acquire(SimulatedEdge edge, LeaseCall call, Action<LeaseAnswer> answer) => Send(() =>
    {
        if (_holder is not { } holder)
        {
            return;
        }

        if (!_isReady)
        {
            Send(() => answer(CounterPartition.NotReady(holder.Epoch)));
            return;
        }

        var outcome = holder.Acquire(Now, call);
        Cut += outcome.Cut;
        if (outcome.NeedsEcho)
        {
            Ask(edge, holder, 0);
        }

        foreach (var (id, _) in outcome.Recalls ?? [])
        {
            Recalls++;
            var target = _edges.Find(candidate => candidate.Id == id);
            Send(() => target?.Recall(holder.Epoch));
        }

        Send(() => answer(outcome.Lease));
    });

    /// <summary>The holder is gone, and what it knew.</summary>
    public void LoseHolder()
    {
        _holder = null;
        timeline.After(Fence, TakeOver);
    }

    /// <summary>Another silo goes on with the holder's memory, a while later.</summary>
    public void HandOver()
    {
        if (_holder is not { } holder || !_isReady)
        {
            return;
        }

        var memory = holder.Write(Now);
        _holder = null;
        timeline.After(random.NextInt64(200) * Scenario.Millisecond, () =>
        {
            _clockOffset = random.NextInt64(1L << 40);
            _holder = CounterPartition.Read(memory, Now, 16);
        });
    }

    /// <summary>The holder stands still; what was sent to it waits.</summary>
    public void PauseHolder(long until) => _pausedUntil = until;

    private long Now => (timeline.Now + _clockOffset) / Scenario.Millisecond;

    private void TakeOver()
    {
        _clockOffset = random.NextInt64(1L << 40);
        _epoch++;
        _asking.Clear();
        _isReady = false;
        var holder = _holder = new CounterPartition(_epoch, 16);
        var alive = _edges.Where(edge => !edge.IsDead).ToArray();
        var missing = alive.Length;
        foreach (var edge in alive)
        {
            Ask(edge, holder, 0, () =>
            {
                missing--;
                _isReady |= missing == 0;
            });
        }

        timeline.After(LeaseTerms.LongestLife * Scenario.Millisecond, () => _isReady |= _holder == holder);
    }

    private void Ask(SimulatedEdge edge, CounterPartition holder, int tries, Action? heard = null)
    {
        if (tries == 0 && !_asking.TryAdd(edge.Id, timeline.Now))
        {
            return;
        }

        Echoes++;
        Send(() => edge.Echo(holder.Epoch, memories => Send(() =>
        {
            if (_holder != holder)
            {
                return;
            }

            // Echoes come twice, or late: only the first one may count.
            var isFirst = !holder.Knows(edge.Id);
            holder.Learn(Now, edge.Id, memories);
            if (isFirst)
            {
                _asking.Remove(edge.Id);
                heard?.Invoke();
            }
        })));
        timeline.After(EchoTimeout, () =>
        {
            if (_holder == holder && !holder.Knows(edge.Id))
            {
                if (tries + 1 < EchoTries)
                {
                    Ask(edge, holder, tries + 1, heard);
                }
                else
                {
                    holder.Admit(Now, edge.Id);
                    _asking.Remove(edge.Id);
                }
            }
        });
    }

    private void Send(Action arrive)
    {
        if (random.NextDouble() < scenario.Loss)
        {
            return;
        }

        Deliver(arrive);
        if (random.NextDouble() < scenario.Duplicates)
        {
            Deliver(arrive);
        }
    }

    private void Deliver(Action arrive)
    {
        var delay = 300 + random.NextInt64(800);
        if (random.NextDouble() < scenario.Stragglers)
        {
            delay += random.NextInt64(3 * Scenario.Second);
        }

        timeline.After(delay, () => Process(arrive));
    }

    private void Process(Action arrive)
    {
        if (timeline.Now < _pausedUntil)
        {
            timeline.At(_pausedUntil, () => Process(arrive));
            return;
        }

        arrive();
    }
}
