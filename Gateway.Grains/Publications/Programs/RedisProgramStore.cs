using System.Text;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Catalog;
using Gateway.Grains.Storage;
using StackExchange.Redis;

namespace Gateway.Grains.Publications.Programs;

/// <summary>Programs in Redis: sealed, because literals in them may be secrets, and expiring, because nobody counts who uses them.</summary>
internal sealed class RedisProgramStore(RedisStore store, CatalogOptions options) : IProgramStore
{
    private static readonly TimeSpan _life = TimeSpan.FromDays(30);

    private readonly SecretBox _box = options.SiteKey.Box("programs");

    private IDatabase Database => store.Database;

    private KeySpace Keys => store.Keys;

    /// <inheritdoc />
    public async Task<byte[]?> FindAsync(string id)
    {
        var kept = (byte[]?)await Database.StringGetAsync(Keys.Program(id));
        if (kept is null || _box.Open(kept, Associated(id)) is not { IsSuccess: true } opened)
        {
            return null;
        }

        await Database.KeyExpireAsync(Keys.Program(id), _life);
        return opened.Value;
    }

    /// <inheritdoc />
    public Task KeepAsync(string id, byte[] image) => Database.StringSetAsync(Keys.Program(id), _box.Seal(image, Associated(id)), _life);

    /// <inheritdoc />
    public Task<bool> ClaimAsync(string id, string claimant, TimeSpan life) => Database.LockTakeAsync(Keys.ProgramClaim(id), claimant, life);

    /// <inheritdoc />
    public Task RenewAsync(string id, string claimant, TimeSpan life) => Database.LockExtendAsync(Keys.ProgramClaim(id), claimant, life);

    /// <inheritdoc />
    public Task ReleaseAsync(string id, string claimant) => Database.LockReleaseAsync(Keys.ProgramClaim(id), claimant);

    private byte[] Associated(string id) => Encoding.UTF8.GetBytes($"{options.ServiceId}/programs/{id}");
}
