using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Settings;

namespace Gateway.Edge;

/// <summary>
/// The first step of a graceful stop: the edge says that it is not ready and goes on serving for a while, so that load balancers
/// turn away before the listeners close. The web server then lets requests in flight finish, within the host's bound.
/// </summary>
internal sealed class EdgeDrain(Readiness readiness, GatewaySettings settings, TimeProvider time) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Drain();
        return Task.Delay(settings.Edge.DrainDelay, time, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
