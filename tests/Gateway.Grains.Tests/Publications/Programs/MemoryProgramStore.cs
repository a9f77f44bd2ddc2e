using System.Collections.Concurrent;
using Gateway.Grains.Publications.Programs;

namespace Gateway.Grains.Tests.Publications.Programs;

/// <summary>Programs in memory.</summary>
internal sealed class MemoryProgramStore : IProgramStore
{
    private readonly ConcurrentDictionary<string, byte[]> _images = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _claims = new(StringComparer.Ordinal);
    private int _renewals;

    public Task<byte[]?> FindAsync(string id) => Task.FromResult(_images.GetValueOrDefault(id));

    public Task KeepAsync(string id, byte[] image)
    {
        _images[id] = image;
        return Task.CompletedTask;
    }

    /// <summary>How often claims were renewed.</summary>
    public int Renewals => Volatile.Read(ref _renewals);

    public Task<bool> ClaimAsync(string id, string claimant, TimeSpan life) => Task.FromResult(_claims.TryAdd(id, claimant));

    public Task RenewAsync(string id, string claimant, TimeSpan life)
    {
        Assert.Equal(claimant, _claims[id]);
        Interlocked.Increment(ref _renewals);
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(string id, string claimant) => Task.FromResult(_claims.TryRemove(new(id, claimant)));
}
