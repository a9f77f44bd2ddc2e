namespace Gateway.Counters.Tests.Engine;

/// <summary>
/// A process: a thread of its own in simulated time, and a clock of its own. Awaits of the code that runs on it come back to it. It can stand still, also
/// between any two looks at its clock, and it can die.
/// </summary>
internal class Node : SynchronizationContext
{
    private readonly Timeline _timeline;
    private readonly Queue<Happening> _held = new();

    public Node(Timeline timeline, string name, double pace, long offset)
    {
        (_timeline, Name) = (timeline, name);
        Clock = new NodeClock(timeline, this, pace, offset);
    }

    public string Name { get; }

    public NodeClock Clock { get; }

    public bool IsDead { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>The time that it has stood still, in true time.</summary>
    public long StoodStill { get; private set; }

    /// <summary>When it went on after it had stood still last.</summary>
    public long WentOnAt { get; private set; } = long.MinValue;

    /// <summary>How long it stands still at one of its next looks at the clock.</summary>
    public (int Looks, long For) Stall { get; set; }

    protected Timeline Timeline => _timeline;

    /// <summary>It ends in the middle of whatever it does.</summary>
    public void Kill()
    {
        IsDead = true;
        _held.Clear();
        Clock.Stop();
    }

    public void Pause(long time)
    {
        if (IsPaused || IsDead)
        {
            return;
        }

        IsPaused = true;
        StoodStill += time;
        _timeline.After(time, Resume);
    }

    /// <summary>Its machine is suspended: it stands still, and so does its monotonic clock.</summary>
    /// <returns>False when it stands still already, or is dead.</returns>
    public bool Sleep(long time)
    {
        if (IsPaused || IsDead)
        {
            return false;
        }

        Clock.Sleep(time);
        Pause(time);
        return true;
    }

    /// <summary>Looks at the clock; stands still before, when that is its fate.</summary>
    public void Look()
    {
        if (Stall.For == 0 || SynchronizationContext.Current != this || IsDead)
        {
            return;
        }

        Stall = Stall with { Looks = Stall.Looks - 1 };
        if (Stall.Looks > 0 || _timeline.IsStalled || IsPaused)
        {
            return;
        }

        // The others go on meanwhile. One at a time stands still so: the first could not go on before the second.
        var time = Stall.For;
        Stall = default;
        _timeline.IsStalled = true;
        Pause(time);
        var until = _timeline.Now + time;
        SetSynchronizationContext(null);
        _timeline.RunUntil(until, () => IsPaused);
        SetSynchronizationContext(this);
        _timeline.IsStalled = false;
    }

    /// <summary>Runs something on it: now, or when it is awake again.</summary>
    public void Run(SendOrPostCallback callback, object? state)
    {
        if (IsDead)
        {
            return;
        }

        if (IsPaused)
        {
            _held.Enqueue(new(this, callback, state));
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        catch (Exception failure)
        {
            _timeline.Failures.Add($"{Name}: {failure}");
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void Run(Action action) => Run(Happening.Run, action);

    /// <summary>Runs something that goes on; that it fails is a failure of the model.</summary>
    public void Start(Func<Task> action) => Run(() => Watch(action()));

    /// <inheritdoc />
    public override void Post(SendOrPostCallback d, object? state) => _timeline.Soon(this, d, state);

    private async void Watch(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception failure)
        {
            _timeline.Failures.Add($"{Name}: {failure}");
        }
    }

    private void Resume()
    {
        IsPaused = false;
        WentOnAt = _timeline.Now;
        while (_held.TryDequeue(out var held))
        {
            _timeline.Soon(this, held.Callback, held.State);
        }
    }
}
