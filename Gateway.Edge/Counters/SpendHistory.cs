using Gateway.Contracts.Counters;

namespace Gateway.Edge.Counters;

/// <summary>
/// What this edge has spent of one counter within its window, in stretches of a thirty-second of it. A stretch has the time at which its
/// spends were looked at last, which is not before any of them: told to a partition that lost its memory, it never frees too early.
/// </summary>
internal sealed class SpendHistory
{
    private const int Stretches = 32;

    private Stretch[] _ring = [];
    private int _first;
    private int _count;

    /// <summary>True when nothing was spent within the window.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Notes spends.</summary>
    /// <param name="now">Now.</param>
    /// <param name="count">How many.</param>
    /// <param name="window">The window.</param>
    /// <param name="within">They may still come within this time.</param>
    public void Add(long now, long count, long window, long within = 0)
    {
        Forget(now - window);
        if (_count > 0)
        {
            ref var newest = ref _ring[(_first + _count - 1) % _ring.Length];
            if (now - newest.Began < window / Stretches || _count > Stretches)
            {
                newest.Last = Math.Max(newest.Last, now + within);
                newest.Count += count;
                return;
            }
        }

        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + _count++) % _ring.Length] = new() { Began = now, Last = now + within, Count = count };
    }

    /// <summary>Takes back spends that did not happen. None of those that did gets an earlier date by that.</summary>
    /// <param name="count">How many.</param>
    /// <param name="since">They were not noted before.</param>
    /// <param name="until">Nor after; what has left the window meanwhile is not taken from what came later.</param>
    public void Undo(long count, long since, long until = long.MaxValue)
    {
        for (var i = 0; i < _count && count > 0; i++)
        {
            ref var stretch = ref _ring[(_first + i) % _ring.Length];
            var undone = stretch.Last < since || stretch.Began > until ? 0 : Math.Min(stretch.Count, count);
            stretch.Count -= undone;
            count -= undone;
        }
    }

    /// <summary>Forgets what has left the window.</summary>
    public void Forget(long until)
    {
        while (_count > 0 && _ring[_first].Last <= until)
        {
            _first = (_first + 1) % _ring.Length;
            _count--;
        }

        if (_count == 0)
        {
            _ring = [];
            _first = 0;
        }
    }

    /// <summary>All of the window.</summary>
    public long Total(long now, long window)
    {
        Forget(now - window);
        long total = 0;
        for (var i = 0; i < _count; i++)
        {
            total += _ring[(_first + i) % _ring.Length].Count;
        }

        return total;
    }

    /// <summary>When the oldest part of it leaves the window.</summary>
    public long Oldest(long whenEmpty) => _count == 0 ? whenEmpty : _ring[_first].Last;

    /// <summary>The stretches, as partitions are told them.</summary>
    public SpendMemory[] Describe(CounterClock clock, long now, long window)
    {
        Forget(now - window);
        var memory = new List<SpendMemory>(_count);
        for (var i = 0; i < _count; i++)
        {
            var stretch = _ring[(_first + i) % _ring.Length];
            if (stretch.Count > 0)
            {
                memory.Add(new(clock.MillisecondsAtMost(now - stretch.Last), stretch.Count));
            }
        }

        return [.. memory];
    }

    /// <summary>When the last so many were spent, as partitions are told it, the newest first; those that were only just are left out.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="now">Now.</param>
    /// <param name="count">How many.</param>
    /// <param name="youngest">Ages are told less by so much, in ticks.</param>
    /// <param name="oldest">No age is told greater.</param>
    public SpendMemory[] Newest(CounterClock clock, long now, long count, long youngest, long oldest)
    {
        List<SpendMemory>? memory = null;
        for (var i = _count - 1; i >= 0 && count > 0; i--)
        {
            var stretch = _ring[(_first + i) % _ring.Length];
            var told = Math.Min(stretch.Count, count);
            var age = clock.MillisecondsAtMost(Math.Min(now - stretch.Last, oldest) - youngest);
            count -= told;
            if (age > 0 && told > 0)
            {
                (memory ??= []).Add(new(age, told));
            }
        }

        return memory is null ? [] : [.. memory];
    }

    private void Grow()
    {
        var larger = new Stretch[Math.Max(2, _ring.Length * 2)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_first + i) % _ring.Length];
        }

        (_ring, _first) = (larger, 0);
    }

    private struct Stretch
    {
        public long Began;
        public long Last;
        public long Count;
    }
}
