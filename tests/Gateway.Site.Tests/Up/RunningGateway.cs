using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Up;

/// <summary>A gateway after its first start, for tests that leave it running.</summary>
public sealed class RunningGateway : IAsyncLifetime
{
    internal TemporaryFolder Folder { get; } = new();

    internal UpProcess Up { get; private set; } = null!;

    public async Task InitializeAsync() => Up = await UpProcess.StartAsync(Folder.In("d"));

    public async Task DisposeAsync()
    {
        await Up.DisposeAsync();
        Folder.Dispose();
    }
}
