using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Catalog;

/// <summary>
/// Reads the catalog for those who project it. Every read is a whole version: never a part of a change set, however many
/// commits happen meanwhile.
/// </summary>
/// <remarks>An outage of the store shows as the exceptions that <see cref="Storage.RedisStore.IsOutage"/> knows.</remarks>
internal sealed class CatalogSource(CatalogStore store, RecordContent content)
{
    /// <summary>The lineage and version now: the cheap look, each second. A null lineage: the store was flushed.</summary>
    public Task<CatalogHead> ReadHeadAsync() => store.ReadHeadAsync();

    /// <summary>
    /// What changed after a version, with the content as of <see cref="CatalogDelta.Version"/>. With null, or when the
    /// version is too old or unknown, everything there is (<see cref="CatalogDelta.IsFull"/>).
    /// </summary>
    public async Task<CatalogDelta> ReadSinceAsync(long? since)
    {
        var found = await ReadRecordsSinceAsync(since);
        return new CatalogDelta(
            found.Lineage,
            found.Version,
            found.IsFull,
            [.. found.Records.Select(pair => new CatalogContent(pair.Key, pair.Value?.Version ?? 0, pair.Value is null ? null : content.Open(pair.Value)))]);
    }

    /// <summary>The ids of all gateways, the built-in ones first.</summary>
    public async Task<string[]> ReadGatewaysAsync()
    {
        const string Collection = "/gateways";
        var stored = await store.ReadIdsAsync(Collection);
        return [.. ((string[])[$"{Collection}/{CatalogKeys.ManagedGateway}"]).Concat(stored.Where(id => ResourcePath.Collection(id) == Collection)).Select(ResourcePath.Name)];
    }

    /// <summary>True when there is such a gateway.</summary>
    public async Task<bool> HasGatewayAsync(string gateway)
    {
        var id = $"/gateways/{gateway}";
        return ResourceKinds.IsBuiltIn(id) || (await store.ReadAsync([id]))[0] is not null;
    }

    /// <summary>As <see cref="ReadSinceAsync"/>, with the records as stored.</summary>
    internal async Task<RecordDelta> ReadRecordsSinceAsync(long? since)
    {
        var head = await store.ReadHeadAsync();
        var changed = since is { } known ? await store.ReadChangedAsync(known, head.Version) : null;
        var isFull = changed is null;
        var records = new Dictionary<string, CatalogRecord?>(StringComparer.Ordinal);
        IReadOnlyList<string> ids = changed is null ? await store.ReadIdsAsync() : [.. changed];
        while (true)
        {
            var read = await store.ReadAsync(ids);
            for (var i = 0; i < read.Length; i++)
            {
                records[ids[i]] = read[i];
            }

            // Commits that happened during the read are read as well, until none did.
            var now = await store.ReadHeadAsync();
            if (now.Version == head.Version && now.Lineage?.Id == head.Lineage?.Id)
            {
                if (isFull)
                {
                    foreach (var gone in records.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList())
                    {
                        records.Remove(gone);
                    }
                }

                return new RecordDelta(head.Lineage, head.Version, isFull, records);
            }

            var more = now.Lineage?.Id == head.Lineage?.Id ? await store.ReadChangedAsync(head.Version, now.Version) : null;
            if (more is null)
            {
                isFull = true;
                records.Clear();
            }

            ids = more is null ? await store.ReadIdsAsync() : [.. more];
            head = now;
        }
    }
}

/// <summary>A part of the catalog, or all of it, at one version.</summary>
/// <param name="Lineage">The catalog's life; null when the store was flushed.</param>
/// <param name="Version">The version that the contents belong to.</param>
/// <param name="IsFull">True: everything there is. False: what changed since the version asked for.</param>
/// <param name="Contents">The resources, in no particular order.</param>
internal sealed record CatalogDelta(LineageRecord? Lineage, long Version, bool IsFull, IReadOnlyList<CatalogContent> Contents);

/// <summary>One resource with its secret properties.</summary>
/// <param name="Id">The path below the service.</param>
/// <param name="Version">The version of its last change; 0 when it is gone.</param>
/// <param name="Properties">All properties, decrypted; null when the resource is gone.</param>
internal sealed record CatalogContent(string Id, long Version, JsonObject? Properties);

/// <summary>As <see cref="CatalogDelta"/>, undecrypted.</summary>
internal sealed record RecordDelta(LineageRecord? Lineage, long Version, bool IsFull, IReadOnlyDictionary<string, CatalogRecord?> Records);
