using System.Globalization;
using Gateway.Contracts.Publications;
using StackExchange.Redis;

namespace Gateway.Grains.Publications.Storage;

/// <summary>
/// Publications in Redis. The current manifest is a hash, so that a transaction can be fenced by lineage and number without
/// sending the manifest itself; older manifests and bodies are plain strings.
/// </summary>
internal sealed class RedisPublicationStore(IDatabase database, PublicationStoreKeys keys) : IPublicationStore
{
    private const string Lineage = "lineage";
    private const string Number = "number";
    private const int BodiesPerRead = 256;

    // More than this in one transaction would hold up every other client of the store.
    private const int BytesPerTransaction = 8 * 1024 * 1024;

    /// <inheritdoc />
    public async Task<IReadOnlyList<SignedManifest>> LoadAsync(string gateway)
    {
        var newest = (long?)await database.HashGetAsync(keys.Manifest(gateway), Number);
        if (newest is null)
        {
            return [];
        }

        RedisKey[] kept = [.. Enumerable.Range(0, Retention.Manifests)
            .Select(age => newest.Value - age).Where(number => number > 0).Select(number => keys.Manifest(gateway, number))];
        return [.. (await database.StringGetAsync(kept)).Where(value => value.HasValue).Select(Read)];
    }

    /// <inheritdoc />
    public async Task<byte[]?[]> BodiesAsync(string gateway, IReadOnlyList<string> names)
    {
        var bodies = new byte[]?[names.Count];
        foreach (var part in Enumerable.Range(0, names.Count).Chunk(BodiesPerRead))
        {
            var values = await database.StringGetAsync([.. part.Select(index => keys.Body(gateway, names[index]))]);
            for (var i = 0; i < part.Length; i++)
            {
                bodies[part[i]] = values[i];
            }
        }

        return bodies;
    }

    /// <inheritdoc />
    public async Task<bool> TryPublishAsync(string gateway, PublicationWrite write)
    {
        var early = await WriteEarlyAsync(gateway, write.NewBodies);
        var transaction = database.CreateTransaction();
        Fence(transaction, gateway, write);
        var queued = new List<Task>();
        foreach (var (name, body) in write.NewBodies)
        {
            if (!early.Contains(name))
            {
                queued.Add(transaction.StringSetAsync(keys.Body(gateway, name), body));
            }
        }

        queued.Add(transaction.StringSetAsync(keys.Manifest(gateway, write.Id.Number), SignedManifestFormat.Write(write.Signed)));
        queued.Add(transaction.HashSetAsync(keys.Manifest(gateway), [new(Lineage, write.Id.Lineage), new(Number, write.Id.Number)]));
        RedisKey[] obsolete =
        [
            .. write.ObsoleteManifests.Select(number => keys.Manifest(gateway, number)),
            .. write.ObsoleteBodies.Select(name => keys.Body(gateway, name)),
        ];
        if (obsolete.Length > 0)
        {
            queued.Add(transaction.KeyDeleteAsync(obsolete));
        }

        if (!await transaction.ExecuteAsync())
        {
            return false;
        }

        await Task.WhenAll(queued);
        return true;
    }

    /// <inheritdoc />
    public async Task<byte[]> SigningKeyAsync(Func<byte[]> fresh)
    {
        if (await database.StringGetAsync(keys.SigningKey) is { HasValue: true } kept)
        {
            return kept!;
        }

        // Whoever comes first wins, also among silos that start together; the others read what was kept.
        await database.StringSetAsync(keys.SigningKey, fresh(), when: When.NotExists);
        return (byte[]?)await database.StringGetAsync(keys.SigningKey)
            ?? throw new InvalidOperationException("The signing key that was just stored is gone; does the state store evict keys?");
    }

    private void Fence(ITransaction transaction, string gateway, PublicationWrite write)
    {
        transaction.AddCondition(Condition.StringEqual(keys.Lineage, write.Id.Lineage));
        if (write.Previous is { } previous)
        {
            transaction.AddCondition(Condition.HashEqual(keys.Manifest(gateway), Lineage, previous.Lineage));
            transaction.AddCondition(Condition.HashEqual(keys.Manifest(gateway), Number, previous.Number));
        }
        else
        {
            transaction.AddCondition(Condition.KeyNotExists(keys.Manifest(gateway)));
        }
    }

    // A first publication may be large. Bodies are named by content, so writing them before the fence holds harms nothing.
    private async Task<HashSet<string>> WriteEarlyAsync(string gateway, IReadOnlyDictionary<string, byte[]> bodies)
    {
        var early = new HashSet<string>(StringComparer.Ordinal);
        var left = BytesPerTransaction;
        foreach (var (name, body) in bodies)
        {
            left -= body.Length;
            if (left < 0)
            {
                await database.StringSetAsync(keys.Body(gateway, name), body);
                early.Add(name);
            }
        }

        return early;
    }

    private static SignedManifest Read(RedisValue value) =>
        SignedManifestFormat.Read((byte[])value!) ?? throw new InvalidDataException(
            string.Create(CultureInfo.InvariantCulture, $"The state store holds a manifest of {value.Length()} bytes that is none."));
}
