using Gateway.Edge.Models;

namespace Gateway.Edge.Tests.Models;

public sealed class HashTrieTests
{
    /// <summary>Few hashes for many keys, so that whole hashes and parts of them collide all the time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(int.MaxValue)]
    public void Table_does_what_a_dictionary_does(int hashes)
    {
        var random = new Random(42);
        var expected = new Dictionary<int, Entry>();
        var table = HashTrie<Entry>.Empty;
        for (var turn = 0; turn < 5_000; turn++)
        {
            var key = random.Next(300);
            var entry = new Entry(key, HashOf(key, hashes), turn);
            if (random.Next(3) == 0)
            {
                expected.Remove(key);
                table = table.Without(entry);
            }
            else
            {
                expected[key] = entry;
                table = table.With(entry);
            }

            Assert.Equal(expected.Count, table.Count);
            Assert.Same(expected.GetValueOrDefault(key), table.Find(entry.Hash, new Probe(key)));
        }

        Assert.All(Enumerable.Range(0, 300), key => Assert.Same(expected.GetValueOrDefault(key), table.Find(HashOf(key, hashes), new Probe(key))));
    }

    [Fact]
    public void Copy_does_not_change_what_it_was_made_from()
    {
        var before = Enumerable.Range(0, 100).Aggregate(HashTrie<Entry>.Empty, (table, key) => table.With(new Entry(key, HashOf(key, 40), 0)));

        var after = Enumerable.Range(0, 100).Aggregate(before, (table, key) => table.Without(new Entry(key, HashOf(key, 40), 0)));

        Assert.Equal(0, after.Count);
        Assert.Equal(100, before.Count);
        Assert.All(Enumerable.Range(0, 100), key => Assert.NotNull(before.Find(HashOf(key, 40), new Probe(key))));
    }

    /// <summary>A change writes to what it has made itself; never to what another one has.</summary>
    [Theory]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Change_of_many_entries_does_what_one_after_the_other_does(int hashes)
    {
        var random = new Random(43);
        var (table, expected) = (HashTrie<Entry>.Empty, new Dictionary<int, Entry>());
        for (var turn = 0; turn < 100; turn++)
        {
            var (before, known) = (table, expected.ToDictionary());
            Entry[] without = [.. Some(turn)];
            Entry[] with = [.. Some(turn)];
            Array.ForEach(without, entry => expected.Remove(entry.Key));
            Array.ForEach(with, entry => expected[entry.Key] = entry);
            table = table.Change(without, with);

            Holds(table, expected);
            Holds(before, known);
        }

        IEnumerable<Entry> Some(int turn) => Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(100)).Select(key => new Entry(key, HashOf(key, hashes), turn));

        void Holds(HashTrie<Entry> held, Dictionary<int, Entry> entries)
        {
            Assert.Equal(entries.Count, held.Count);
            Assert.All(Enumerable.Range(0, 100), key => Assert.Same(entries.GetValueOrDefault(key), held.Find(HashOf(key, hashes), new Probe(key))));
        }
    }

    [Fact]
    public void Entry_that_is_not_there_is_not_removed()
    {
        var table = HashTrie<Entry>.Empty.With(new Entry(1, 1, 0));

        Assert.Same(table, table.Without(new Entry(2, 1, 0)));
        Assert.Same(table, table.Without(new Entry(2, 33, 0)));
    }

    private static int HashOf(int key, int hashes) => hashes == int.MaxValue ? key * -1640531527 : (key % hashes) << (key % hashes % 30);

    private sealed record Entry(int Key, int Hash, int Turn) : IHashEntry<Entry>
    {
        public bool HasKeyOf(Entry other) => Key == other.Key;
    }

    private readonly struct Probe(int key) : IHashProbe<Entry>
    {
        public bool Matches(Entry entry) => entry.Key == key;
    }
}
