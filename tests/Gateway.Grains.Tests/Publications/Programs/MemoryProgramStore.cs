using System.Collections.Concurrent;
using Gateway.Grains.Publications.Programs;

namespace Gateway.Grains.Tests.Publications.Programs;

/// <summary>Programs in memory.</summary>
internal sealed class MemoryProgramStore : IProgramStore
{
    private readonly ConcurrentDictionary<string, byte[]> _images = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _claims = new(StringComparer.Ordinal);

    public Task<byte[]?> FindAsync(string id) => Task.FromResult(_images.GetValueOrDefault(id));

    public Task KeepAsync(string id, byte[] image)
    {
        _images[id] = image;
        return Task.CompletedTask;
    }

    public Task<bool> ClaimAsync(string id, TimeSpan patience) => Task.FromResult(_claims.TryAdd(id, true));

    public Task ReleaseAsync(string id) => Task.FromResult(_claims.TryRemove(id, out _));
}
