using System.Globalization;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Storage;
using StackExchange.Redis;

namespace Gateway.Grains.Catalog;

/// <summary>The catalog in the state store: reads of records, and the one fenced transaction that writes them.</summary>
internal sealed class CatalogStore(RedisStore store)
{
    /// <summary>For how many versions the changed ids are kept.</summary>
    public const int KeptChanges = 1000;

    private const int BatchSize = 500;

    private KeySpace Keys => store.Keys;

    /// <summary>The lineage and version now. A null lineage: the store is new, or was flushed.</summary>
    public async Task<CatalogHead> ReadHeadAsync()
    {
        var values = await store.Database.StringGetAsync([Keys.Lineage, Keys.CatalogVersion]);
        return new CatalogHead(
            values[0].HasValue ? LineageRecord.FromBytes((byte[])values[0]!) : null,
            values[1].HasValue ? (long)values[1] : 0);
    }

    /// <summary>The lineage; when there is none, this one begins it. Of several silos that try at once one wins.</summary>
    public async Task<LineageRecord> EnsureLineageAsync(LineageRecord proposed)
    {
        await store.Database.StringSetAsync(Keys.Lineage, proposed.ToBytes(), when: When.NotExists);
        var stored = await store.Database.StringGetAsync(Keys.Lineage);
        return LineageRecord.FromBytes((byte[])stored!);
    }

    /// <summary>The records at these ids, in their order; null where there is none.</summary>
    public async Task<CatalogRecord?[]> ReadAsync(IReadOnlyList<string> ids)
    {
        var records = new CatalogRecord?[ids.Count];
        for (var start = 0; start < ids.Count; start += BatchSize)
        {
            var keys = new RedisKey[Math.Min(BatchSize, ids.Count - start)];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = Keys.Record(ids[start + i]);
            }

            var values = await store.Database.StringGetAsync(keys);
            for (var i = 0; i < keys.Length; i++)
            {
                records[start + i] = values[i].HasValue ? CatalogRecord.FromBytes(ids[start + i], (byte[])values[i]!) : null;
            }
        }

        return records;
    }

    /// <summary>All ids in ordinal order; with a prefix only those that begin with it and a slash.</summary>
    public async Task<string[]> ReadIdsAsync(string? prefix = null)
    {
        // '0' follows '/' in ASCII.
        var values = prefix is null
            ? await store.Database.SortedSetRangeByRankAsync(Keys.CatalogIndex)
            : await store.Database.SortedSetRangeByValueAsync(Keys.CatalogIndex, prefix + "/", prefix + "0", Exclude.Stop);
        return [.. values.Select(value => (string)value!)];
    }

    /// <summary>The ids changed by versions after <paramref name="since"/>, up to <paramref name="version"/>; null when that is no longer known.</summary>
    public async Task<HashSet<string>?> ReadChangedAsync(long since, long version)
    {
        if (since < 0 || since > version || version - since > KeptChanges)
        {
            return null;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (since == version)
        {
            return ids;
        }

        var keys = new RedisKey[version - since];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = Keys.Changes(since + 1 + i);
        }

        foreach (var value in await store.Database.StringGetAsync(keys))
        {
            if (!value.HasValue)
            {
                return null;
            }

            ids.UnionWith(((string)value!).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return ids;
    }

    /// <summary>Replaces the lineage, when it is the given one.</summary>
    /// <param name="before">What is expected; null for none.</param>
    /// <param name="after">What comes in its place.</param>
    public async Task<bool> TryReplaceLineageAsync(LineageRecord? before, LineageRecord after)
    {
        var transaction = store.Database.CreateTransaction();
        transaction.AddCondition(before is null ? Condition.KeyNotExists(Keys.Lineage) : Condition.StringEqual(Keys.Lineage, before.ToBytes()));
        _ = transaction.StringSetAsync(Keys.Lineage, after.ToBytes());
        return await transaction.ExecuteAsync();
    }

    /// <summary>Writes records in many transactions, each only while the lineage is the given one; false when it no longer is.</summary>
    public async Task<bool> FillAsync(LineageRecord lineage, IReadOnlyList<CatalogWrite> writes)
    {
        foreach (var batch in writes.Chunk(BatchSize))
        {
            var transaction = store.Database.CreateTransaction();
            transaction.AddCondition(Condition.StringEqual(Keys.Lineage, lineage.ToBytes()));
            var tasks = Queue(transaction, batch);
            if (!await transaction.ExecuteAsync())
            {
                return false;
            }

            await Task.WhenAll(tasks);
        }

        return true;
    }

    /// <summary>Ends what <see cref="FillAsync"/> wrote: the catalog is whole, at a version.</summary>
    public async Task<bool> TryFinishAsync(LineageRecord unfinished, LineageRecord lineage, long version)
    {
        var transaction = store.Database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(Keys.Lineage, unfinished.ToBytes()));
        _ = transaction.StringSetAsync(Keys.CatalogVersion, version.ToString(CultureInfo.InvariantCulture));
        _ = transaction.StringSetAsync(Keys.Lineage, lineage.ToBytes());
        return await transaction.ExecuteAsync();
    }

    /// <summary>
    /// Writes a change set as the version after <paramref name="head"/>, all of it or nothing. False: lineage or version
    /// are no longer those of the head, and nothing was written.
    /// </summary>
    /// <exception cref="RedisTimeoutException">No answer in time: it may have been written.</exception>
    /// <exception cref="RedisException">The store failed: it may have been written.</exception>
    public async Task<bool> CommitAsync(CatalogHead head, IReadOnlyList<CatalogWrite> writes)
    {
        var version = head.Version + 1;
        var transaction = store.Database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(Keys.Lineage, head.Lineage!.ToBytes()));
        transaction.AddCondition(head.Version == 0
            ? Condition.KeyNotExists(Keys.CatalogVersion)
            : Condition.StringEqual(Keys.CatalogVersion, head.Version.ToString(CultureInfo.InvariantCulture)));

        var tasks = Queue(transaction, writes);
        tasks.Add(transaction.StringSetAsync(Keys.Changes(version), string.Join('\n', writes.Select(write => write.Id))));
        tasks.Add(transaction.KeyDeleteAsync(Keys.Changes(version - KeptChanges)));
        tasks.Add(transaction.StringSetAsync(Keys.CatalogVersion, version.ToString(CultureInfo.InvariantCulture)));
        if (!await transaction.ExecuteAsync())
        {
            return false;
        }

        await Task.WhenAll(tasks);
        return true;
    }

    private List<Task> Queue(ITransaction transaction, IReadOnlyList<CatalogWrite> writes)
    {
        var tasks = new List<Task>(writes.Count + 5);
        foreach (var write in writes)
        {
            tasks.Add(write.Record is { } record
                ? transaction.StringSetAsync(Keys.Record(write.Id), record.ToBytes())
                : transaction.KeyDeleteAsync(Keys.Record(write.Id)));
        }

        var added = writes.Where(write => write.Record is not null).Select(write => new SortedSetEntry(write.Id, 0)).ToArray();
        if (added.Length > 0)
        {
            tasks.Add(transaction.SortedSetAddAsync(Keys.CatalogIndex, added));
        }

        var removed = writes.Where(write => write.Record is null).Select(write => (RedisValue)write.Id).ToArray();
        if (removed.Length > 0)
        {
            tasks.Add(transaction.SortedSetRemoveAsync(Keys.CatalogIndex, removed));
        }

        return tasks;
    }
}

/// <summary>Where the catalog stands.</summary>
internal sealed record CatalogHead(LineageRecord? Lineage, long Version);

/// <summary>One record to write; null to delete.</summary>
internal sealed record CatalogWrite(string Id, CatalogRecord? Record);
