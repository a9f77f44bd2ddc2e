using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Storage;
using StackExchange.Redis;

namespace Gateway.Grains.Counters.Quotas;

/// <summary>Counts of quotas in the state store. Every change is fenced by the value read and by the owner of the partition.</summary>
internal sealed class RedisQuotaStore(RedisStore store) : IQuotaStore
{
    // A key without an end could not be told from one that was never given one.
    private static readonly TimeSpan Endless = TimeSpan.FromDays(100 * 365);

    /// <inheritdoc />
    public async Task<QuotaReading> ReadAsync(IReadOnlyList<CounterId> counters)
    {
        var records = counters.Count == 0 ? null : store.Database.StringGetAsync([.. counters.Select(counter => (RedisKey)store.Keys.Quota(counter))]);
        var time = store.TimeAsync();
        return new QuotaReading((await time).ToUnixTimeMilliseconds(), records is null ? [] : [.. (await records).Select(record => (string?)record)]);
    }

    /// <inheritdoc />
    public async Task<bool[]> WriteAsync(int partition, string owner, IReadOnlyList<QuotaWrite> writes)
    {
        // Listed first: what counts can be found.
        await Task.WhenAll(writes.Where(write => write.Entry is not null).Select(ListAsync));
        if (writes.Count == 1 || !await TryWriteAsync(partition, owner, writes))
        {
            // One that does not fit keeps none of the others back.
            var written = new bool[writes.Count];
            for (var index = 0; index < written.Length; index++)
            {
                written[index] = await TryWriteAsync(partition, owner, [writes[index]]);
            }

            return written;
        }

        return [.. writes.Select(_ => true)];
    }

    /// <summary>The counters that a key finds, with what they count.</summary>
    public async Task<IReadOnlyList<(CounterId Counter, QuotaEntry Entry)>> FindAsync(string gateway, string key)
    {
        var found = new List<(CounterId, QuotaEntry)>();
        foreach (var field in await store.Database.HashGetAllAsync(store.Keys.QuotaIndex(gateway, key)))
        {
            if (CounterId.TryParse((string?)field.Name, out var counter) && QuotaIndexEntry.Read((byte[]?)field.Value) is { } entry)
            {
                found.Add((counter, entry.ToEntry(gateway, key)));
            }
        }

        return found;
    }

    private async Task<bool> TryWriteAsync(int partition, string owner, IReadOnlyList<QuotaWrite> writes)
    {
        var transaction = store.Database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(store.Keys.CounterOwner(partition), owner));
        var commands = new List<Task>();
        foreach (var write in writes)
        {
            RedisKey key = store.Keys.Quota(write.Counter);
            transaction.AddCondition(write.Expected is null ? Condition.KeyNotExists(key) : Condition.StringEqual(key, write.Expected));
            commands.Add(transaction.StringSetAsync(key, write.Next.ToString(), write.LivesFor is { } life ? new Expiration(TimeSpan.FromMilliseconds(life)) : Expiration.Default));
        }

        if (!await transaction.ExecuteAsync())
        {
            return false;
        }

        await Task.WhenAll(commands);
        return true;
    }

    private async Task ListAsync(QuotaWrite write)
    {
        var (label, _) = write.Entry!;
        RedisKey key = store.Keys.QuotaIndex(label.Gateway, label.Key);
        var life = write.LivesFor is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : Endless;
        await Task.WhenAll(
            store.Database.HashSetAsync(key, write.Counter.ToString(), QuotaIndexEntry.Of(write.Entry!).Write()),
            store.Database.KeyExpireAsync(key, life, ExpireWhen.HasNoExpiry),
            store.Database.KeyExpireAsync(key, life, ExpireWhen.GreaterThanCurrentExpiry));
    }
}
