using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Publications;

/// <summary>Resources of one moment of the catalog.</summary>
/// <param name="Head">The moment.</param>
/// <param name="IsWhole">True when it is all of the catalog, false when it is what changed.</param>
/// <param name="Records">The resources.</param>
internal sealed record CatalogReading(CatalogHead Head, bool IsWhole, IReadOnlyCollection<SourceRecord> Records)
{
    private const int Rounds = 50;

    /// <summary>
    /// Reads what changed since a moment, or all. Commits may come while it reads: whatever they touched is read again until
    /// nothing moved, so that a publication never holds half a change set. Null when commits did not pause; try again later.
    /// </summary>
    /// <param name="source">The catalog.</param>
    /// <param name="since">What the reader has; null for nothing.</param>
    /// <param name="head">Where the catalog stands.</param>
    public static async Task<CatalogReading?> ReadAsync(ICatalogSource source, CatalogHead? since, CatalogHead head)
    {
        var changed = since is not null && since.Lineage == head.Lineage ? await source.ChangedAsync(since.Version, head.Version) : null;
        var records = new Dictionary<string, SourceRecord>(StringComparer.Ordinal);
        Add(records, changed is null ? await source.AllAsync() : await source.SomeAsync(changed));
        for (var round = 0; round < Rounds; round++)
        {
            var now = await source.HeadAsync();
            if (now is null || now.Lineage != head.Lineage)
            {
                return null;
            }

            if (now.Version == head.Version)
            {
                return new CatalogReading(head, changed is null, records.Values);
            }

            if (await source.ChangedAsync(head.Version, now.Version) is not { } more)
            {
                return null;
            }

            Add(records, await source.SomeAsync(more));
            head = now;
        }

        return null;
    }

    private static void Add(Dictionary<string, SourceRecord> records, IReadOnlyList<SourceRecord> read)
    {
        foreach (var record in read)
        {
            records[record.Id] = record;
        }
    }
}
