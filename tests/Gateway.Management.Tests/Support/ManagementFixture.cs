namespace Gateway.Management.Tests.Support;

/// <summary>A fresh catalog in memory and a server in front of it.</summary>
public abstract class ManagementFixture : IAsyncLifetime
{
    protected MemoryCatalog Catalog { get; } = new();

    protected ManagementServer Server { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Server = await ManagementServer.StartAsync(MemoryGrains.Create(Catalog));

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
