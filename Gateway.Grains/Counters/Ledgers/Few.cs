namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// A list for the many places that hold one item nearly always: one costs nothing beside the field, several an array of just their number. A mutable
/// struct: it belongs into a field that is not read-only.
/// </summary>
internal struct Few<T>
    where T : class
{
    // Nothing, the one, or an array of several.
    private object? _items;

    /// <summary>How many there are.</summary>
    public readonly int Count => _items is T[] several ? several.Length : _items is null ? 0 : 1;

    /// <summary>One of them, in the order in which they came.</summary>
    public readonly T this[int index] => _items is T[] several ? several[index] : (T)_items!;

    /// <summary>Adds one behind the others.</summary>
    public void Add(T item) => _items = _items is null ? item : (T[])[.. ToArray(), item];

    /// <summary>Removes one that is there.</summary>
    public void Remove(T item)
    {
        var left = Array.FindAll(ToArray(), other => other != item);
        _items = left.Length switch { 0 => null, 1 => left[0], _ => left };
    }

    /// <summary>A copy.</summary>
    public readonly T[] ToArray() => _items is T[] several ? [.. several] : _items is null ? [] : [(T)_items];

    /// <summary>Goes through those that are there now, whatever changes meanwhile.</summary>
    public readonly Enumerator GetEnumerator() => new(this);

    /// <summary>See <see cref="GetEnumerator"/>.</summary>
    internal struct Enumerator(Few<T> few)
    {
        private int _next;

        /// <summary>The item.</summary>
        public readonly T Current => few[_next - 1];

        /// <summary>True when there is another one.</summary>
        public bool MoveNext() => _next++ < few.Count;
    }
}
