using System.Collections;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>A sequence whose elements are charged, so that operators over operators end.</summary>
internal class Metered<T>(IEnumerable<T> items) : IEnumerable<T>
{
    /// <summary>The elements; asking for one is charged, also through many layers.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        Budget.Descend();
        return new Enumerator(items.GetEnumerator());
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Enumerator(IEnumerator<T> items) : IEnumerator<T>
    {
        public T Current => items.Current;

        object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            Budget.Enter();
            return items.MoveNext();
        }

        public void Reset() => items.Reset();

        public void Dispose() => items.Dispose();
    }
}

/// <summary>An ordered sequence whose elements are charged.</summary>
internal sealed class MeteredOrder<T>(IOrderedEnumerable<T> items) : Metered<T>(items), IOrderedEnumerable<T>
{
    private readonly IOrderedEnumerable<T> _items = items;

    public IOrderedEnumerable<T> CreateOrderedEnumerable<TKey>(Func<T, TKey> keySelector, IComparer<TKey>? comparer, bool descending) =>
        new MeteredOrder<T>(_items.CreateOrderedEnumerable(keySelector, comparer, descending));
}

/// <summary>What is put into JSON or XML: libraries go down into collections of collections, so each level is checked.</summary>
internal sealed class MeteredContent(IEnumerable items) : IEnumerable<object?>
{
    public IEnumerator<object?> GetEnumerator()
    {
        Budget.Descend();
        foreach (var item in items)
        {
            Budget.Enter();
            yield return Charged.Content(item);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
