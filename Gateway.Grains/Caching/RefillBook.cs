using Gateway.Contracts.Caching;

namespace Gateway.Grains.Caching;

/// <summary>Who makes which missing entry of a cache, as of now.</summary>
internal sealed class RefillBook(TimeProvider time)
{
    /// <summary>Entries that are known at the same time. More are made without agreement.</summary>
    public const int MaximumEntries = 100_000;

    /// <summary>Who makes an entry and says nothing for so long has lost it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(2);

    /// <summary>Nobody waits for an entry that was not stored so shortly ago.</summary>
    public static readonly TimeSpan AloneFor = TimeSpan.FromSeconds(10);

    private readonly Dictionary<UInt128, Refill> _refills = [];
    private long _swept = time.GetTimestamp();

    /// <summary>Entries that are known.</summary>
    public int Count => _refills.Count;

    /// <summary>Takes what an edge says.</summary>
    /// <param name="call">What it says.</param>
    /// <param name="told">Who is to be told that entries are through.</param>
    /// <returns>A word for each entry that it wants.</returns>
    public RefillWord[] Take(RefillCall call, out Dictionary<ICacheEdge, List<UInt128>> told)
    {
        Sweep();
        told = [];
        foreach (var end in call.Ended)
        {
            End(end, call.Edge, told);
        }

        foreach (var entry in call.Making)
        {
            _ = Ask(entry, call.Edge);
        }

        return [.. call.Wanted.Select(entry => Ask(entry, call.Edge))];
    }

    private RefillWord Ask(UInt128 entry, ICacheEdge edge)
    {
        if (_refills.TryGetValue(entry, out var refill) && !IsOver(refill))
        {
            if (refill.Maker is null)
            {
                return RefillWord.MakeOwn;
            }

            if (!refill.Maker.Equals(edge))
            {
                (refill.Waiting ??= []).Add(edge);
                return RefillWord.Wait;
            }
        }
        else if (refill is null && _refills.Count >= MaximumEntries)
        {
            return RefillWord.MakeOwn;
        }

        _refills[entry] = new(edge, time.GetTimestamp(), Life) { Waiting = refill?.Waiting };
        return RefillWord.Make;
    }

    private void End(RefillEnd end, ICacheEdge edge, Dictionary<ICacheEdge, List<UInt128>> told)
    {
        if (!_refills.TryGetValue(end.Entry, out var refill) || !edge.Equals(refill.Maker))
        {
            return;
        }

        foreach (var waiting in refill.Waiting ?? [])
        {
            if (!told.TryGetValue(waiting, out var entries))
            {
                told[waiting] = entries = [];
            }

            entries.Add(end.Entry);
        }

        if (end.Ending == RefillEnding.NotStored)
        {
            _refills[end.Entry] = new(null, time.GetTimestamp(), AloneFor);
        }
        else
        {
            _refills.Remove(end.Entry);
        }
    }

    private void Sweep()
    {
        if (time.GetElapsedTime(_swept) > Life)
        {
            _swept = time.GetTimestamp();
            foreach (var (entry, _) in _refills.Where(refill => IsOver(refill.Value)).ToArray())
            {
                _refills.Remove(entry);
            }
        }
    }

    private bool IsOver(Refill refill) => time.GetElapsedTime(refill.Since) > refill.Life;

    /// <summary>One entry; made by nobody for all while what was made of it was not stored.</summary>
    private sealed record Refill(ICacheEdge? Maker, long Since, TimeSpan Life)
    {
        public HashSet<ICacheEdge>? Waiting { get; set; }
    }
}
