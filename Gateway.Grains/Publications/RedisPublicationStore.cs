using System.Globalization;
using Gateway.Contracts.Publications;
using Gateway.Grains.Storage;
using StackExchange.Redis;

namespace Gateway.Grains.Publications;

/// <summary>
/// Publications in Redis. The current manifest is a hash, so that a transaction can be fenced by lineage and number without
/// sending the manifest itself; older manifests and bodies are plain strings.
/// </summary>
internal sealed class RedisPublicationStore(RedisStore store) : IPublicationStore
{
    private const string LineageField = "lineage";
    private const string NumberField = "number";
    private const int BodiesPerRead = 256;

    // More than this in one transaction would hold up every other client of the store.
    private const int BytesPerTransaction = 8 * 1024 * 1024;

    private IDatabase Database => store.Database;

    private KeySpace Keys => store.Keys;

    /// <inheritdoc />
    public async Task<IReadOnlyList<SignedManifest>> LoadAsync(string gateway)
    {
        var newest = (long?)await Database.HashGetAsync(Keys.Manifest(gateway), NumberField);
        if (newest is null)
        {
            return [];
        }

        RedisKey[] kept = [.. Enumerable.Range(0, Retention.Manifests)
            .Select(age => newest.Value - age).Where(number => number > 0).Select(number => (RedisKey)Keys.Manifest(gateway, number))];
        return [.. (await Database.StringGetAsync(kept)).Where(value => value.HasValue).Select(Read)];
    }

    /// <inheritdoc />
    public async Task<PublicationId?> NewestAsync(string gateway)
    {
        var newest = await Database.HashGetAsync(Keys.Manifest(gateway), [LineageField, NumberField]);
        return newest[0].HasValue && newest[1].HasValue ? new PublicationId((string)newest[0]!, (long)newest[1]) : null;
    }

    /// <inheritdoc />
    public async Task<byte[]?[]> BodiesAsync(string gateway, IReadOnlyList<string> names)
    {
        var bodies = new byte[]?[names.Count];
        foreach (var part in Enumerable.Range(0, names.Count).Chunk(BodiesPerRead))
        {
            var values = await Database.StringGetAsync([.. part.Select(index => (RedisKey)Keys.Chunk(gateway, names[index]))]);
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
        var transaction = Database.CreateTransaction();
        Fence(transaction, gateway, write);
        var queued = new List<Task>();
        foreach (var (name, body) in write.NewBodies)
        {
            if (!early.Contains(name))
            {
                queued.Add(transaction.StringSetAsync(Keys.Chunk(gateway, name), body));
            }
        }

        queued.Add(transaction.StringSetAsync(Keys.Manifest(gateway, write.Id.Number), SignedManifestFormat.Write(write.Signed)));
        queued.Add(transaction.HashSetAsync(Keys.Manifest(gateway), [new(LineageField, write.Id.Lineage), new(NumberField, write.Id.Number)]));
        RedisKey[] obsolete =
        [
            .. write.ObsoleteManifests.Select(number => (RedisKey)Keys.Manifest(gateway, number)),
            .. write.ObsoleteBodies.Select(name => (RedisKey)Keys.Chunk(gateway, name)),
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
        if (await FindSigningKeyAsync() is { } kept)
        {
            return kept;
        }

        // Whoever comes first wins, also among silos that start together; the others read what was kept.
        await Database.StringSetAsync(Keys.SigningKey, fresh(), when: When.NotExists);
        return await FindSigningKeyAsync()
            ?? throw new InvalidOperationException("The signing key that was just stored is gone; does the state store evict keys?");
    }

    /// <inheritdoc />
    public async Task<byte[]?> FindSigningKeyAsync() => await Database.StringGetAsync(Keys.SigningKey);

    /// <inheritdoc />
    public async Task<byte[]?> RolloutAsync(string gateway) => await Database.StringGetAsync(Keys.Rollout(gateway));

    /// <inheritdoc />
    public Task KeepRolloutAsync(string gateway, byte[]? rollout) =>
        rollout is null ? Database.KeyDeleteAsync(Keys.Rollout(gateway)) : Database.StringSetAsync(Keys.Rollout(gateway), rollout);

    /// <inheritdoc />
    public async Task<bool> TryReplaceSigningKeyAsync(byte[] before, byte[] after)
    {
        var transaction = Database.CreateTransaction();
        transaction.AddCondition(Condition.KeyExists(Keys.Lineage));
        transaction.AddCondition(Condition.StringEqual(Keys.SigningKey, before));
        var set = transaction.StringSetAsync(Keys.SigningKey, after);
        return await transaction.ExecuteAsync() && await set;
    }

    private void Fence(ITransaction transaction, string gateway, PublicationWrite write)
    {
        transaction.AddCondition(Condition.StringEqual(Keys.Lineage, write.Lineage.ToBytes()));
        if (write.SigningKey is { } signingKey)
        {
            transaction.AddCondition(Condition.StringEqual(Keys.SigningKey, signingKey));
        }

        if (write.Previous is { } previous)
        {
            transaction.AddCondition(Condition.HashEqual(Keys.Manifest(gateway), LineageField, previous.Lineage));
            transaction.AddCondition(Condition.HashEqual(Keys.Manifest(gateway), NumberField, previous.Number));
        }
        else
        {
            transaction.AddCondition(Condition.KeyNotExists(Keys.Manifest(gateway)));
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
                await Database.StringSetAsync(Keys.Chunk(gateway, name), body);
                early.Add(name);
            }
        }

        return early;
    }

    private static SignedManifest Read(RedisValue value) =>
        SignedManifestFormat.Read((byte[])value!) ?? throw new InvalidDataException(
            string.Create(CultureInfo.InvariantCulture, $"The state store holds a manifest of {value.Length()} bytes that is none."));
}
