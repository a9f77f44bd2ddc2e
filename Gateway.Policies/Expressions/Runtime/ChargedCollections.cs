namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Makes lists.</summary>
public static class ChargedList
{
    /// <summary><c>new List&lt;T&gt;(capacity)</c>.</summary>
    public static List<T> New<T>(int capacity) => new(Budget.Length<T>(capacity));

    /// <summary><c>new List&lt;T&gt;(items)</c>.</summary>
    public static List<T> New<T>(IEnumerable<T> collection) => new(Sized.Reserve(collection));

    /// <summary><c>list.AddRange(items)</c>.</summary>
    public static void ChargedAddRange<T>(this List<T> list, IEnumerable<T> collection) => list.AddRange(Sized.Reserve(collection));

    /// <summary><c>list.InsertRange(index, items)</c>.</summary>
    public static void ChargedInsertRange<T>(this List<T> list, int index, IEnumerable<T> collection) => list.InsertRange(index, Sized.Reserve(collection));
}

/// <summary>Makes dictionaries.</summary>
public static class ChargedDictionary
{
    /// <summary><c>new Dictionary&lt;TKey, TValue&gt;(capacity)</c>.</summary>
    public static Dictionary<TKey, TValue> New<TKey, TValue>(int capacity, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull => new(Budget.Length<(TKey, TValue, long)>(capacity), comparer);

    /// <summary><c>new Dictionary&lt;TKey, TValue&gt;(items)</c>.</summary>
    public static Dictionary<TKey, TValue> New<TKey, TValue>(IDictionary<TKey, TValue> dictionary, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull => new(Sized.Reserve(dictionary), comparer);

    /// <summary><c>new Dictionary&lt;TKey, TValue&gt;(items)</c>.</summary>
    public static Dictionary<TKey, TValue> New<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> collection, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull => new(Sized.Reserve(collection), comparer);
}

/// <summary>Makes sets.</summary>
public static class ChargedHashSet
{
    /// <summary><c>new HashSet&lt;T&gt;(capacity)</c>.</summary>
    public static HashSet<T> New<T>(int capacity, IEqualityComparer<T>? comparer = null) => new(Budget.Length<(T, long)>(capacity), comparer);

    /// <summary><c>new HashSet&lt;T&gt;(items)</c>.</summary>
    public static HashSet<T> New<T>(IEnumerable<T> collection, IEqualityComparer<T>? comparer = null) => new(Sized.Reserve(collection), comparer);
}

/// <summary>Makes queues.</summary>
public static class ChargedQueue
{
    /// <summary><c>new Queue&lt;T&gt;(capacity)</c>.</summary>
    public static Queue<T> New<T>(int capacity) => new(Budget.Length<T>(capacity));

    /// <summary><c>new Queue&lt;T&gt;(items)</c>.</summary>
    public static Queue<T> New<T>(IEnumerable<T> collection) => new(Sized.Reserve(collection));
}

/// <summary>Makes stacks.</summary>
public static class ChargedStack
{
    /// <summary><c>new Stack&lt;T&gt;(capacity)</c>.</summary>
    public static Stack<T> New<T>(int capacity) => new(Budget.Length<T>(capacity));

    /// <summary><c>new Stack&lt;T&gt;(items)</c>.</summary>
    public static Stack<T> New<T>(IEnumerable<T> collection) => new(Sized.Reserve(collection));
}

/// <summary>Charges copies before they are made.</summary>
internal static class Sized
{
    /// <summary>The same items.</summary>
    public static T Reserve<T>(T items)
    {
        Budget.Reserve(items is System.Collections.ICollection collection ? 8L * collection.Count : 0);
        return items;
    }
}
