using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;

namespace Gateway.Management.Tests.Support;

/// <summary>What hubs give to sites, in memory: one publication for every gateway.</summary>
public sealed class MemoryFederation
{
    private string _gateway = "";

    public SignedManifest? Signed { get; set; }

    public PublicationId? Published { get; set; }

    public Dictionary<string, byte[]> Chunks { get; } = [];

    public List<(string Gateway, SiteHeartbeat Heartbeat)> Heartbeats { get; } = [];

    public List<SiteEvent> Events { get; } = [];

    /// <summary>Runs while a site waits.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public MemoryFederation Of(string gateway)
    {
        _gateway = gateway;
        return this;
    }

    public async Task<SignedManifest?> Next(string site, PublicationId? running, TimeSpan wait, CancellationToken cancellationToken)
    {
        _ = (site, cancellationToken);
        if (wait > TimeSpan.Zero)
        {
            await Meanwhile();
        }

        return running == Published ? null : Signed;
    }

    public Task<byte[]?> GetChunk(string name, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        return Task.FromResult(Chunks.GetValueOrDefault(name));
    }

    public Task Report(SiteHeartbeat heartbeat)
    {
        Heartbeats.Add((_gateway, heartbeat));
        return Task.CompletedTask;
    }

    public Task Tell(SiteEvent[] events)
    {
        Events.AddRange(events);
        return Task.CompletedTask;
    }

    public Task<SiteEventEntry[]> Latest(CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        return Task.FromResult(Events.Select(happened => new SiteEventEntry(DateTimeOffset.UnixEpoch, happened.Kind, happened.Text)).ToArray());
    }
}
