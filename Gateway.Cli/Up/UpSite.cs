using Gateway.Cli.Samples;
using Gateway.Cli.Stores;
using Gateway.Contracts.Nodes;
using Gateway.Hosting.Data;
using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Running;
using Gateway.Hosting.Tls;

namespace Gateway.Cli.Up;

/// <summary>
/// The parts of one process, side by side: store, silo, edge, diagnostics, the sample's backend. The edge is a client of the
/// silo over loopback, by the same code as in a process of its own.
/// </summary>
internal sealed class UpSite(UpPlan plan, DataFolder data, TimeProvider time) : IAsyncDisposable
{
    private readonly NodeEnvironment _siloNode = new()
    {
        Role = NodeRole.Silo, Data = data, Configuration = plan.Configuration, Time = time, AllInOne = true,
    };

    private readonly NodeEnvironment _edgeNode = new()
    {
        Role = NodeRole.Edge, Data = data, Configuration = plan.Configuration, Time = time, AllInOne = true,
    };

    private DiagnosticsServer? _diagnostics;
    private SampleBackend? _backend;
    private OpenStore? _store;
    private WebApplication? _silo;
    private WebApplication? _edge;

    /// <summary>The services of the silo, once it is started.</summary>
    public IServiceProvider Silo => _silo!.Services;

    /// <summary>The services of the edge, once it is started.</summary>
    public IServiceProvider Edge => _edge!.Services;

    /// <summary>What keeps silo and edge from being ready.</summary>
    public string[] Reasons => [.. _siloNode.Readiness.Reasons(), .. _edgeNode.Readiness.Reasons()];

    /// <summary>Starts everything, side by side. Silo and edge wait for what they connect to when they are done with all else.</summary>
    /// <param name="silo">Builds the silo.</param>
    /// <param name="edge">Builds the edge.</param>
    /// <param name="fill">What is done when the management API answers, while the edge may still be starting.</param>
    /// <param name="stop">Ends the start.</param>
    public async Task StartAsync(HostRunner.BuildNode silo, HostRunner.BuildNode edge, Func<Task> fill, CancellationToken stop)
    {
        var opening = Task.Run(OpenStoreAsync, stop);
        var preparing = Task.Run(Prepare, stop);
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Each runs to its end, so that whatever was started can be stopped, also when another one fails.
        await Task.WhenAll(
            opening,
            preparing,
            Task.Run(StartEdgeAsync, stop),
            Task.Run(StartBackendAsync, stop),
            Task.Run(StartDiagnosticsAsync, stop),
            Task.Run(StartSiloAsync, stop));

        async Task OpenStoreAsync() => _store = await OpenStore.StartAsync(plan, data);

        // Both hosts read these; on the first start one of them would make them while the other looks.
        void Prepare()
        {
            ServerCertificates.Load(plan.Settings.Tls, data, time);
            data.ReadOrMake("site.key", () => Contracts.Secrets.SiteKey.Generate().Export());
        }

        async Task StartSiloAsync()
        {
            try
            {
                await preparing;
                _silo = await silo(plan.Settings, _siloNode with { Store = opening }, stop);

                // The port is bound by now, and what connects is answered when the silo is active.
                _silo.Services.GetRequiredService<ISiloLifecycleSubject>().Subscribe(
                    nameof(UpSite), ServiceLifecycleStage.ApplicationServices, _ => Task.FromResult(listening.TrySetResult()));
                await _silo.StartAsync(stop);
                _siloNode.Readiness.Started(_silo.Services.GetServices<IReadinessSource>());
            }
            finally
            {
                listening.TrySetResult();
            }

            await fill();
        }

        async Task StartEdgeAsync()
        {
            // It has time until the silo is active, and the store has none: each would slow down the other.
            await Task.WhenAll(preparing, opening);
            _edge = await edge(plan.Settings, _edgeNode with { Silo = listening.Task }, stop);
            await _edge.StartAsync(stop);
            _edgeNode.Readiness.Started(_edge.Services.GetServices<IReadinessSource>());
        }

        async Task StartBackendAsync()
        {
            if (plan.Ports.SampleBackend != 0)
            {
                _backend = await SampleBackend.StartAsync(plan.Ports.SampleBackend, stop);
                await opening;
                await WarmUp.RunAsync(plan.Ports.SampleBackend, stop);
            }
        }

        async Task StartDiagnosticsAsync() => _diagnostics = await DiagnosticsServer.StartAsync(
            plan.Settings,
            plan.Settings.Diagnostics.PortOf(NodeRole.Edge),
            new Dictionary<string, Readiness> { ["silo"] = _siloNode.Readiness, ["edge"] = _edgeNode.Readiness },
            stop);
    }

    /// <summary>Remembers, now and from now on, how far the catalog is.</summary>
    public Task RememberAsync() => _store!.RememberAsync(time);

    /// <summary>Cancelled on the signal to stop, and when one of the hosts stops by itself.</summary>
    public CancellationTokenSource Ending(CancellationToken stop) =>
        CancellationTokenSource.CreateLinkedTokenSource(stop, _silo!.Lifetime.ApplicationStopping, _edge!.Lifetime.ApplicationStopping);

    /// <summary>Stops what runs: first who takes requests, last what the others need.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(_edge, _edgeNode);
        await StopAsync(_silo, _siloNode);
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        if (_backend is not null)
        {
            await _backend.DisposeAsync();
        }

        if (_diagnostics is not null)
        {
            await _diagnostics.DisposeAsync();
        }
    }

    private static async Task StopAsync(WebApplication? host, NodeEnvironment node)
    {
        if (host is null)
        {
            return;
        }

        node.Readiness.Drain();
        try
        {
            await host.StopAsync();
        }
        finally
        {
            await host.DisposeAsync();
        }
    }
}
