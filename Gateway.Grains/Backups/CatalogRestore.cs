using Gateway.Contracts.Backups;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Publications;

namespace Gateway.Grains.Backups;

/// <summary>
/// Replaces the stored catalog. Too much for one transaction, so the lineage says from the first write to the last that it is not whole: meanwhile, and
/// after a restore that was cut off, no silo writes or publishes, and edges serve what they have.
/// </summary>
internal sealed class CatalogRestore(CatalogStore store, SiteLineage site, IPublicationStore publications, SigningKey signingKey, TimeProvider time)
{
    /// <summary>Writes it; the error of a store that fails meanwhile is the caller's to make.</summary>
    public async Task<Result<RestoreReceipt>> RunAsync(CatalogBackup backup, bool replace)
    {
        var head = await store.ReadHeadAsync();
        var held = await store.ReadIdsAsync();
        if (held.Length > 0 && !replace && head.Lineage is not { IsUnfinished: true })
        {
            return new GatewayError(ErrorKind.Conflict, $"The catalog holds {held.Length} resources. A restore replaces them all: say that it may (replace=true).");
        }

        var unfinished = LineageRecord.Begin(time.GetUtcNow()) with
        {
            Predecessors = [.. Names(head.Lineage).Concat(Names(site.Known)).Concat(Names(backup.Lineage)).Distinct(StringComparer.Ordinal)],
            IsUnfinished = true,
        };
        if (!await store.TryReplaceLineageAsync(head.Lineage, unfinished))
        {
            return Overtaken();
        }

        var kept = backup.Records.Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        var version = Math.Max(head.Version, backup.Version) + 1;
        var isWritten = await store.FillAsync(unfinished, [.. held.Where(id => !kept.Contains(id)).Select(id => new CatalogWrite(id, null)), .. backup.Records.Select(record => new CatalogWrite(record.Id, record))])
            && await RestoreKeyAsync(backup)
            && await store.TryFinishAsync(unfinished, unfinished with { IsUnfinished = false }, version);
        return isWritten ? new RestoreReceipt(unfinished.Id, version, backup.Records.Count, backup.MadeAt) : Overtaken();
    }

    // Edges that trust the backup's key and edges that trust the one of a store begun anew take what comes.
    private async Task<bool> RestoreKeyAsync(CatalogBackup backup)
    {
        if (backup.SigningKey is not { } restored)
        {
            return true;
        }

        var kept = await publications.SigningKeyAsync(() => restored);
        var joined = signingKey.Join(kept, restored);
        return joined.AsSpan().SequenceEqual(kept) || await publications.TryReplaceSigningKeyAsync(kept, joined);
    }

    private static IEnumerable<string> Names(LineageRecord? lineage) => lineage is null ? [] : [lineage.Id, .. lineage.Predecessors];

    private static GatewayError Overtaken() => new(
        ErrorKind.ServiceUnavailable, "Somebody else wrote to the catalog, or restored it, at the same time. If that was no restore, the catalog is unusable now: repeat this one.");
}
