using System.Collections.Concurrent;

namespace Gateway.Edge.Counters;

/// <summary>How many requests of this edge are at a place at the same time, by key. It keeps no more keys than there are requests.</summary>
internal sealed class ConcurrencyTable
{
    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>How many keys are in use.</summary>
    public int Count => _places.Count;

    /// <summary>Lets one more in, unless there are so many already.</summary>
    public bool TryEnter(string key, int most)
    {
        while (true)
        {
            var place = _places.GetOrAdd(key, static _ => new());
            lock (place)
            {
                if (place.IsGone)
                {
                    continue;
                }

                if (place.Count >= most)
                {
                    return false;
                }

                place.Count++;
                return true;
            }
        }
    }

    /// <summary>One that was let in leaves.</summary>
    public void Leave(string key)
    {
        var place = _places[key];
        lock (place)
        {
            if (--place.Count == 0)
            {
                place.IsGone = true;
                _places.TryRemove(key, out _);
            }
        }
    }

    private sealed class Place
    {
        public int Count { get; set; }

        public bool IsGone { get; set; }
    }
}
