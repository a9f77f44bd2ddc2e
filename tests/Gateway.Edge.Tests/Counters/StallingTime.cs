using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Counters;

/// <summary>A clock that a test moves, in a process that can stand still between any two looks at it.</summary>
internal sealed class StallingTime : FakeTimeProvider
{
    private long _stoodStill;
    private int _looks;
    private TimeSpan _stall;

    /// <summary>Has the process stand still once, after so many more looks at the clock.</summary>
    public void StandStillAfter(int looks, TimeSpan time)
    {
        _stall = time;
        Volatile.Write(ref _looks, looks);
    }

    /// <inheritdoc />
    public override long GetTimestamp()
    {
        var now = base.GetTimestamp() + Interlocked.Read(ref _stoodStill);
        if (Interlocked.Decrement(ref _looks) == 0)
        {
            Interlocked.Add(ref _stoodStill, (long)(_stall.TotalSeconds * TimestampFrequency));
        }

        return now;
    }
}
