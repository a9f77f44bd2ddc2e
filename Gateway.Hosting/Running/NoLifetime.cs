using Microsoft.Extensions.Hosting;

namespace Gateway.Hosting.Running;

/// <summary>Leaves signals to <see cref="HostRunner"/>, which stops the hosts of a process in order.</summary>
public sealed class NoLifetime : IHostLifetime
{
    /// <inheritdoc />
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
