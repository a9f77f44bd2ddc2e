using System.Numerics;

namespace Gateway.Edge.Models;

/// <summary>Something that a <see cref="HashTrie{TEntry}"/> holds.</summary>
internal interface IHashEntry<in TSelf>
{
    /// <summary>The hash of the key.</summary>
    int Hash { get; }

    /// <summary>True when both have the same key.</summary>
    bool HasKeyOf(TSelf other);
}

/// <summary>Knows the key that is looked for.</summary>
internal interface IHashProbe<in TEntry>
{
    /// <summary>True when the entry has that key.</summary>
    bool Matches(TEntry entry);
}

/// <summary>
/// An immutable hash table whose changed copies share what did not change: a change costs the logarithm of the size, a
/// look-up allocates nothing. The framework's frozen tables are rebuilt whole, its immutable ones cannot be asked by span.
/// </summary>
internal sealed class HashTrie<TEntry> where TEntry : class, IHashEntry<TEntry>
{
    private const int BitsPerLevel = 5;
    private const int LevelMask = (1 << BitsPerLevel) - 1;

    private readonly Node _root;

    private HashTrie(Node root, int count) => (_root, Count) = (root, count);

    /// <summary>The empty table.</summary>
    public static HashTrie<TEntry> Empty { get; } = new(new Node(0, [], null), 0);

    /// <summary>How many entries there are.</summary>
    public int Count { get; }

    /// <summary>The entry with the probe's key, or null.</summary>
    public TEntry? Find<TProbe>(int hash, TProbe probe) where TProbe : struct, IHashProbe<TEntry>, allows ref struct
    {
        var node = _root;
        for (var bits = (uint)hash; ; bits >>= BitsPerLevel)
        {
            var bit = 1u << (int)(bits & LevelMask);
            if ((node.Bitmap & bit) == 0)
            {
                return null;
            }

            ref readonly var slot = ref node.Slots[BitOperations.PopCount(node.Bitmap & (bit - 1))];
            if (slot.Child is { } child)
            {
                node = child;
                continue;
            }

            foreach (var entry in slot.Entries)
            {
                if (entry.Hash == hash && probe.Matches(entry))
                {
                    return entry;
                }
            }

            return null;
        }
    }

    /// <summary>A table that also holds the entry, in place of one with the same key.</summary>
    public HashTrie<TEntry> With(TEntry entry) => Change([], [entry]);

    /// <summary>A table without the entry that has this one's key.</summary>
    public HashTrie<TEntry> Without(TEntry entry) => Change([entry], []);

    /// <summary>A table without some entries and with others, in this order; each part of the old one is copied once, however many of them it holds.</summary>
    public HashTrie<TEntry> Change(IEnumerable<TEntry> without, IEnumerable<TEntry> with)
    {
        var change = new Writing();
        var (root, count) = (_root, Count);
        foreach (var entry in without)
        {
            var isThere = false;
            root = Remove(root, 0, entry, change, ref isThere) ?? Empty._root;
            count -= isThere ? 1 : 0;
        }

        foreach (var entry in with)
        {
            var added = true;
            root = Add(root, 0, entry, change, ref added);
            count += added ? 1 : 0;
        }

        return ReferenceEquals(root, _root) ? this : new HashTrie<TEntry>(root, count);
    }

    private static Node Add(Node node, int level, TEntry entry, Writing change, ref bool added)
    {
        var (bit, index) = Place(node, level, entry.Hash);
        if ((node.Bitmap & bit) == 0)
        {
            return Reshape(node, node.Bitmap | bit, [.. node.Slots[..index], new Slot(null, [entry]), .. node.Slots[index..]], change);
        }

        var slot = node.Slots[index];
        if (slot.Child is { } child)
        {
            return Replace(node, index, new Slot(Add(child, level + 1, entry, change, ref added), []), change);
        }

        if (slot.Entries[0].Hash == entry.Hash)
        {
            var others = Array.FindAll(slot.Entries, held => !held.HasKeyOf(entry));
            added = others.Length == slot.Entries.Length;
            return Replace(node, index, new Slot(null, [.. others, entry]), change);
        }

        // Two hashes meet here and part further down: what is held moves down first.
        var (heldBit, _) = Place(Empty._root, level + 1, slot.Entries[0].Hash);
        var lower = new Node(heldBit, [slot], change);
        return Replace(node, index, new Slot(Add(lower, level + 1, entry, change, ref added), []), change);
    }

    private static Node? Remove(Node node, int level, TEntry entry, Writing change, ref bool isThere)
    {
        var (bit, index) = Place(node, level, entry.Hash);
        if ((node.Bitmap & bit) == 0)
        {
            return node;
        }

        var slot = node.Slots[index];
        if (slot.Child is { } child)
        {
            var left = Remove(child, level + 1, entry, change, ref isThere);
            return ReferenceEquals(left, child) ? node
                : left is null ? Drop(node, bit, index, change)
                : Replace(node, index, new Slot(left, []), change);
        }

        var others = Array.FindAll(slot.Entries, held => !held.HasKeyOf(entry));
        isThere = others.Length < slot.Entries.Length;
        return !isThere ? node
            : others.Length == 0 ? Drop(node, bit, index, change)
            : Replace(node, index, new Slot(null, others), change);
    }

    private static (uint Bit, int Index) Place(Node node, int level, int hash)
    {
        var bit = 1u << (int)(((uint)hash >> (level * BitsPerLevel)) & LevelMask);
        return (bit, BitOperations.PopCount(node.Bitmap & (bit - 1)));
    }

    private static Node Replace(Node node, int index, Slot slot, Writing change)
    {
        if (node.Change == change)
        {
            node.Slots[index] = slot;
            return node;
        }

        var slots = node.Slots.AsSpan().ToArray();
        slots[index] = slot;
        return new Node(node.Bitmap, slots, change);
    }

    private static Node? Drop(Node node, uint bit, int index, Writing change) =>
        node.Slots.Length == 1 ? null : Reshape(node, node.Bitmap & ~bit, [.. node.Slots[..index], .. node.Slots[(index + 1)..]], change);

    private static Node Reshape(Node node, uint bitmap, Slot[] slots, Writing change)
    {
        if (node.Change != change)
        {
            return new Node(bitmap, slots, change);
        }

        (node.Bitmap, node.Slots) = (bitmap, slots);
        return node;
    }

    /// <summary>One change: nobody else sees the nodes that it has made before it is done, so it may write to them.</summary>
    private sealed class Writing;

    private sealed class Node(uint bitmap, Slot[] slots, Writing? change)
    {
        public readonly Writing? Change = change;
        public uint Bitmap = bitmap;
        public Slot[] Slots = slots;
    }

    /// <summary>A node further down, or the entries of one whole hash.</summary>
    private readonly struct Slot(Node? child, TEntry[] entries)
    {
        public readonly Node? Child = child;
        public readonly TEntry[] Entries = entries;
    }
}
