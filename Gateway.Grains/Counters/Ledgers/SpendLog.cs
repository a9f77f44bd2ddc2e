using System.Runtime.InteropServices;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// Spends of one edge, each dated with the latest time it can have happened. Neighbours within 1/256 of the window are one entry that bears the later
/// date: they are charged a little longer, never shorter, and a log has at most some 260 entries.
/// </summary>
internal sealed class SpendLog
{
    private const int EntriesPerWindow = 256;

    private readonly List<Entry> _entries = new(1);

    /// <summary>All that is still charged.</summary>
    public long Total { get; private set; }

    /// <summary>The date of the oldest one; <see cref="long.MaxValue"/> for none.</summary>
    public long Oldest => _entries.Count == 0 ? long.MaxValue : _entries[0].At;

    /// <summary>What is charged: dates, oldest first, and counts.</summary>
    public IEnumerable<(long At, long Count)> Entries => _entries.Select(entry => (entry.At, entry.Count));

    /// <summary>Adds spends; dates may come in any order.</summary>
    public void Add(long at, long count, int period)
    {
        if (count <= 0)
        {
            return;
        }

        Total += count;
        var entries = CollectionsMarshal.AsSpan(_entries);
        var index = entries.Length;
        while (index > 0 && entries[index - 1].At > at)
        {
            index--;
        }

        if (index > 0 && at - entries[index - 1].First <= period / EntriesPerWindow)
        {
            ref var entry = ref entries[index - 1];
            entry = entry with { At = at, Count = entry.Count + count };
        }
        else
        {
            _entries.Insert(index, new Entry(at, at, count));
        }
    }

    /// <summary>Adds what is freed until a moment.</summary>
    public void EndsUntil(long last, int period, List<(long End, long Count)> ends)
    {
        foreach (var entry in _entries)
        {
            if (entry.At + period > last)
            {
                break;
            }

            ends.Add((entry.At + period, entry.Count));
        }
    }

    /// <summary>Frees what is a window or more ago.</summary>
    public void Sweep(long now, int period)
    {
        var gone = 0;
        while (gone < _entries.Count && _entries[gone].At + period <= now)
        {
            Total -= _entries[gone].Count;
            gone++;
        }

        _entries.RemoveRange(0, gone);
    }

    private readonly record struct Entry(long First, long At, long Count);
}
