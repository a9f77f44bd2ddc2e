namespace Gateway.Counters.Tests.Engine;

/// <summary>Simulated time in microseconds: what happens next, in order, all on one thread.</summary>
internal sealed class Timeline
{
    public const long Millisecond = 1000;
    public const long Second = 1000 * Millisecond;

    // Heaps move their elements about: numbers move faster than what they stand for.
    private readonly PriorityQueue<int, (long At, long Order)> _later = new();
    private readonly List<Happening> _planned = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<Happening> _soon = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _isEscaped;
    private long _order;

    /// <summary>True time; no node knows it.</summary>
    public long Now { get; private set; }

    /// <summary>True while a node stands still in the middle of something.</summary>
    public bool IsStalled { get; set; }

    /// <summary>What nobody expected: exceptions out of the code under test, and broken rules.</summary>
    public List<string> Failures { get; } = [];

    public void At(long time, Action action) => At(time, null, Happening.Run, action);

    public void At(long time, Node? node, SendOrPostCallback callback, object? state)
    {
        if (IsHere())
        {
            if (!_free.TryPop(out var place))
            {
                place = _planned.Count;
                _planned.Add(default);
            }

            _planned[place] = new(node, callback, state);
            _later.Enqueue(place, (Math.Max(time, Now), _order++));
        }
    }

    public void After(long delay, Action action) => At(Now + delay, action);

    /// <summary>At this moment, but not inside of what happens now.</summary>
    public void Soon(Node? node, SendOrPostCallback callback, object? state)
    {
        if (IsHere())
        {
            _soon.Enqueue(new(node, callback, state));
        }
    }

    public void RunUntil(long end) => RunUntil(end, () => true);

    private Happening Take(int place)
    {
        var happening = _planned[place];
        _planned[place] = default;
        _free.Push(place);
        return happening;
    }

    // What goes on elsewhere comes at another moment in each run.
    private bool IsHere()
    {
        var isHere = Environment.CurrentManagedThreadId == _thread;
        _isEscaped |= !isHere;
        return isHere;
    }

    /// <summary>Runs on while a condition holds, also from inside of something that happens.</summary>
    public void RunUntil(long end, Func<bool> goesOn)
    {
        while (goesOn())
        {
            if (_isEscaped)
            {
                _isEscaped = false;
                Failures.Add("Something went on outside of simulated time, on a thread of the pool.");
            }

            if (_soon.TryDequeue(out var happening))
            {
                happening.Happen(this);
            }
            else if (_later.TryPeek(out _, out var next) && next.At <= end)
            {
                Now = next.At;
                Take(_later.Dequeue()).Happen(this);
            }
            else
            {
                Now = Math.Max(Now, end);
                return;
            }
        }
    }
}

/// <summary>Something that happens on a node, or to the world.</summary>
internal readonly record struct Happening(Node? Node, SendOrPostCallback Callback, object? State)
{
    public static readonly SendOrPostCallback Run = action => ((Action)action!)();

    public void Happen(Timeline timeline)
    {
        if (Node is not null)
        {
            Node.Run(Callback, State);
            return;
        }

        try
        {
            Callback(State);
        }
        catch (Exception failure)
        {
            timeline.Failures.Add(failure.ToString());
        }
    }
}
