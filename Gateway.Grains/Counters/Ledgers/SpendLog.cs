namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// Spends of one edge, each dated with the latest time it can have happened. Neighbours within 1/256 of the window are one entry that bears the later
/// date: they are charged a little longer, never shorter, and a log has at most some 260 entries.
/// </summary>
internal sealed class SpendLog
{
    private const int EntriesPerWindow = 256;

    private TightList<Entry> _entries;

    /// <summary>All that is still charged.</summary>
    public long Total { get; private set; }

    /// <summary>The date of the oldest one; <see cref="long.MaxValue"/> for none.</summary>
    public long Oldest => _entries.Count == 0 ? long.MaxValue : _entries.Items[0].At;

    /// <summary>What is charged: dates, oldest first, and counts.</summary>
    public IEnumerable<(long At, long Count)> Entries => _entries.Items.ToArray().Select(entry => (entry.At, entry.Count));

    /// <summary>Adds spends; dates may come in any order.</summary>
    public void Add(long at, long count, int period)
    {
        if (count <= 0)
        {
            return;
        }

        Total += count;
        var entries = _entries.Items;
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
        foreach (var entry in _entries.Items)
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
        foreach (var entry in _entries.Items)
        {
            if (entry.At + period > now)
            {
                break;
            }

            Total -= entry.Count;
            gone++;
        }

        _entries.RemoveFirst(gone);
    }

    private readonly record struct Entry(long First, long At, long Count);
}
