using Gateway.Contracts.Publications;
using Gateway.Edge.Models;

namespace Gateway.Edge.Callers;

/// <summary>
/// The keys of all active subscriptions by their hash. Immutable: a copy with a few subscriptions changed shares the rest.
/// </summary>
internal sealed class CallerTable
{
    private readonly HashTrie<Entry> _entries;

    private CallerTable(HashTrie<Entry> entries) => _entries = entries;

    /// <summary>The table without keys.</summary>
    public static CallerTable Empty { get; } = new(HashTrie<Entry>.Empty);

    /// <summary>How many keys there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The subscription of a key, or null. Allocates nothing.</summary>
    public SubscriptionModel? Find(KeyHash key) => _entries.Find(key.Short, new Probe(key))?.Subscription;

    /// <summary>A table without some subscriptions and with others.</summary>
    public CallerTable Change(IEnumerable<SubscriptionEntry> without, IEnumerable<SubscriptionEntry> with) =>
        new(_entries.Change(without.SelectMany(EntriesOf), with.SelectMany(EntriesOf)));

    private static IEnumerable<Entry> EntriesOf(SubscriptionEntry entry)
    {
        var subscription = new SubscriptionModel(entry);
        foreach (var text in (string[])[entry.PrimaryKeyHash, entry.SecondaryKeyHash])
        {
            if (KeyHash.TryParse(text, out var key))
            {
                yield return new Entry(key, subscription);
            }
        }
    }

    private readonly struct Probe(KeyHash key) : IHashProbe<Entry>
    {
        private readonly KeyHash _key = key;

        public bool Matches(Entry entry) => entry.Key == _key;
    }

    private sealed class Entry(KeyHash key, SubscriptionModel subscription) : IHashEntry<Entry>
    {
        public KeyHash Key { get; } = key;

        public SubscriptionModel Subscription { get; } = subscription;

        public int Hash => Key.Short;

        // Two subscriptions that were given the same key keep an entry each, so that removing one leaves the other.
        public bool HasKeyOf(Entry other) => Key == other.Key && Subscription.Info.Id == other.Subscription.Info.Id;
    }
}
