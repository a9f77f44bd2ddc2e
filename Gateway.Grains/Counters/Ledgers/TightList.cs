namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// A list for the many places that hold one item nearly always: no object besides its array, which begins with one place. A mutable struct: it belongs
/// into a field that is not read-only.
/// </summary>
internal struct TightList<T>
{
    private T[]? _items;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The items, until the next change.</summary>
    public readonly Span<T> Items => _items.AsSpan(0, Count);

    /// <summary>Puts an item before the one at an index.</summary>
    public void Insert(int index, T item)
    {
        if (_items is null || Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(1, 2 * Count));
        }

        Array.Copy(_items, index, _items, index + 1, Count - index);
        _items[index] = item;
        Count++;
    }

    /// <summary>Removes the first ones. The array shrinks when it is much too large: a burst is not paid for ever.</summary>
    public void RemoveFirst(int count)
    {
        if (count == 0)
        {
            return;
        }

        Count -= count;
        if (Count <= 1 && _items!.Length > 4)
        {
            _items = Count == 0 ? null : [_items[count]];
            return;
        }

        Array.Copy(_items!, count, _items!, 0, Count);
    }
}
