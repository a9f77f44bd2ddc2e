using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Counters.Quotas;
using Gateway.Grains.Storage;
using Gateway.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Grains.Tests.Counters.Quotas;

public sealed class RedisQuotaStoreTests
{
    private const string Owner = "lease|activation|1";

    private static readonly CounterDefinition Definition = new() { Limit = 100, PeriodMilliseconds = 0, Quota = new QuotaPeriod(3600, DateTimeOffset.UnixEpoch) };
    private static readonly CounterId[] Counters = [.. Enumerable.Range(0, 5000).Select(number => CounterId.Of("quota", $"{number}")).Where(id => id.Partition == 7).Take(3)];

    [Theory, StoreData]
    public async Task Writes_OfSeveralCounters_AreReadWithTheTime(string storeName)
    {
        await using var store = await StartAsync(storeName);
        var quotas = Quotas(store);

        var written = await quotas.WriteAsync(7, Owner, [Write(Counters[0], null, 5), Write(Counters[1], null, 6)]);
        var reading = await quotas.ReadAsync(Counters);

        Assert.Equal((bool[])[true, true], written);
        Assert.Equal((string?[])[Record(5).ToString(), Record(6).ToString(), null], reading.Records.AsEnumerable());
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(reading.Time), DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(200));
        Assert.Empty((await quotas.ReadAsync([])).Records);
    }

    [Theory, StoreData]
    public async Task Writes_OfWhichOneFindsSomethingElse_AreMadeButThatOne(string storeName)
    {
        await using var store = await StartAsync(storeName);
        var quotas = Quotas(store);
        await quotas.WriteAsync(7, Owner, [Write(Counters[1], null, 50)]);

        var written = await quotas.WriteAsync(7, Owner, [Write(Counters[0], null, 5), Write(Counters[1], null, 6), Write(Counters[2], null, 7)]);

        var records = (await quotas.ReadAsync(Counters)).Records;
        var again = await quotas.WriteAsync(7, Owner, [Write(Counters[1], Record(50).ToString(), 51)]);

        Assert.Equal((bool[])[true, false, true], written);
        Assert.Equal((string?[])[Record(5).ToString(), Record(50).ToString(), Record(7).ToString()], records.AsEnumerable());
        Assert.True(again.Single());
    }

    [Theory, StoreData]
    public async Task Write_OfAHolderThatWasReplaced_IsRefused(string storeName)
    {
        await using var store = await StartAsync(storeName);
        await store.Connection.GetDatabase().StringSetAsync("{gw:test:c7}:owner", "other|activation|2");

        Assert.False((await Quotas(store).WriteAsync(7, Owner, [Write(Counters[0], null, 5)])).Single());
    }

    [Theory, StoreData]
    public async Task Write_WithAnEnd_ExpiresAfterItAndWithoutNever(string storeName)
    {
        await using var store = await StartAsync(storeName);
        var (quotas, database) = (Quotas(store), store.Connection.GetDatabase());
        var label = new QuotaLabel("managed", "everybody", QuotaMeasure.Calls);
        await quotas.WriteAsync(7, Owner, [Write(Counters[0], null, 5, label)]);
        var index = (await store.DumpAsync()).Keys.Single(key => key.StartsWith("{gw:test}:quotas:", StringComparison.Ordinal));
        var first = await database.KeyTimeToLiveAsync(index);
        await quotas.WriteAsync(7, Owner, [Write(Counters[1], null, 5, label) with { LivesFor = null }]);
        await quotas.WriteAsync(7, Owner, [Write(Counters[2], null, 5, label)]);

        Assert.InRange((await database.KeyTimeToLiveAsync($"{{gw:test:c7}}:quota:{Counters[0]}"))!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.Null(await database.KeyTimeToLiveAsync($"{{gw:test:c7}}:quota:{Counters[1]}"));
        Assert.InRange(first!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.True(await database.KeyTimeToLiveAsync(index) > TimeSpan.FromDays(3650), "The list of a key's counters ends before its counters.");
        var found = await quotas.FindAsync("managed", "everybody");
        Assert.Equal(Counters.OrderBy(id => id.High), found.Select(entry => entry.Counter).OrderBy(id => id.High));
        Assert.All(found, entry => Assert.Equal(new QuotaEntry(label, Definition), entry.Entry));
        Assert.Empty(await quotas.FindAsync("managed", "nobody"));
    }

    private static QuotaRecord Record(long reserved) => new(0, 1_000, reserved, new QuotaNonce("n", reserved), new Dictionary<Guid, long>());

    private static QuotaWrite Write(CounterId counter, string? expected, long reserved, QuotaLabel? label = null) =>
        new(counter, expected, Record(reserved), 600_000, label is null ? null : new QuotaEntry(label, Definition));

    private static async Task<TestStore> StartAsync(string name)
    {
        var store = await TestStore.StartAsync(name);
        await store.Connection.GetDatabase().StringSetAsync("{gw:test:c7}:owner", Owner);
        return store;
    }

    private static RedisQuotaStore Quotas(TestStore store) => new(new RedisStore(store.Connection, new KeySpace("test"), NullLogger<RedisStore>.Instance));
}
