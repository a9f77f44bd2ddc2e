namespace Gateway.Grains.Counters.Views;

/// <summary>Keeps the hottest of many, in little memory.</summary>
/// <param name="most">How many, 1 and up.</param>
internal sealed class Hottest<T>(int most)
{
    private readonly PriorityQueue<T, LimitHeat> _kept = new();

    /// <summary>Those kept, in no order.</summary>
    public IEnumerable<T> Items => _kept.UnorderedItems.Select(item => item.Element);

    /// <summary>Adds one, which may push out a colder one.</summary>
    public void Add(T item, LimitHeat heat)
    {
        if (_kept.Count < most)
        {
            _kept.Enqueue(item, heat);
        }
        else
        {
            _kept.EnqueueDequeue(item, heat);
        }
    }

    /// <summary>Takes them out, hottest first.</summary>
    public T[] TakeSorted()
    {
        var items = new T[_kept.Count];
        for (var index = items.Length - 1; index >= 0; index--)
        {
            items[index] = _kept.Dequeue();
        }

        return items;
    }
}
