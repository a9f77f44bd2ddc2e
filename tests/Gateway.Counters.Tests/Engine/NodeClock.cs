namespace Gateway.Counters.Tests.Engine;

/// <summary>The clocks of a node: a monotonic one that runs at a pace of its own, and a time of day that anybody may step.</summary>
internal sealed class NodeClock(Timeline timeline, Node node, double pace, long offset) : TimeProvider
{
    private const long TicksPerMicrosecond = 10;

    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private bool _isStopped;
    private long _slept;

    /// <summary>How far the time of day is off.</summary>
    public TimeSpan Stepped { get; set; }

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override long GetTimestamp()
    {
        node.Look();
        return Ticks;
    }

    // The stamp of an admission is made after the last look at the monotonic clock; a request may be on its way for any time from then on.
    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => Epoch + new TimeSpan(Ticks - offset) + Stepped;

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Stop() => _isStopped = true;

    /// <summary>The monotonic clock leaves out some true time, as that of a suspended machine does; the time of day does not.</summary>
    public void Sleep(long time)
    {
        _slept += time;
        Stepped += TimeSpan.FromMicroseconds(time * pace);
    }

    private long Ticks => offset + (long)((timeline.Now - _slept) * TicksPerMicrosecond * pace);

    private sealed class Timer(NodeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int _generation;
        private long _due;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _generation++;
            _period = period;
            Plan(dueTime);
            return true;
        }

        public void Dispose() => _generation++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Plan(TimeSpan due)
        {
            if (due >= TimeSpan.Zero && !clock._isStopped)
            {
                _due = clock.Ticks + due.Ticks;
                clock.Plan(this, due, _generation);
            }
        }

        public void Fire(int generation)
        {
            if (generation != _generation)
            {
                return;
            }

            if (clock._slept > 0 && _due - clock.Ticks is > 0 and var rest)
            {
                // The clock has not come so far.
                Plan(new(rest));
                return;
            }

            if (_period > TimeSpan.Zero)
            {
                Plan(_period);
            }

            callback(state);
        }
    }

    private void Plan(Timer timer, TimeSpan due, int generation) => timeline.At(
        timeline.Now + (long)Math.Ceiling(due.Ticks / (TicksPerMicrosecond * pace)), node, static planned =>
        {
            var (timer, generation) = ((Timer, int))planned!;
            timer.Fire(generation);
        }, (timer, generation));
}
