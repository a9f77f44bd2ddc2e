namespace Gateway.Management.Tests.Support;

/// <summary>
/// A server in front of an empty catalog. The catalog is one in memory; a subclass with <see cref="GrainsAsync"/> runs the
/// same tests on real grains.
/// </summary>
public abstract class ManagementFixture : IAsyncLifetime
{
    /// <summary>The catalog in memory; not looked at by tests that run on real grains.</summary>
    protected MemoryCatalog Catalog { get; } = new();

    protected ManagementServer Server { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Server = await ManagementServer.StartAsync(await GrainsAsync());

    public async Task DisposeAsync() => await Server.DisposeAsync();

    protected virtual Task<IGrainFactory> GrainsAsync() => Task.FromResult(MemoryGrains.Create(Catalog));
}
