using System.Runtime.InteropServices;
using Gateway.Contracts.Nodes;
using Gateway.Hosting.Data;
using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hosting.Running;

/// <summary>The life of a process with one node: settings, data folder, diagnostics, the node, a signal, a graceful stop.</summary>
public static class HostRunner
{
    /// <summary>Builds a node; its services are not started yet.</summary>
    public delegate Task<WebApplication> BuildNode(GatewaySettings settings, NodeEnvironment environment, CancellationToken cancellationToken);

    /// <summary>Runs until SIGTERM or SIGINT, and answers the exit code of the process.</summary>
    public static Task<int> RunAsync(string[] args, NodeRole role, BuildNode build) => GuardAsync(async stop =>
    {
        var configuration = HostConfiguration.Build(args);
        var settings = HostConfiguration.Load(configuration);
        using var data = DataFolder.Open(settings.Data.Path);
        // Before there are more threads, which inherit it.
        var sliceRefused = role == NodeRole.Edge && settings.Edge.TimeSlice > TimeSpan.Zero ? TimeSlice.Set(settings.Edge.TimeSlice) : null;
        IgnoredSettings.Log(settings, configuration, sliceRefused);
        InlineSockets.Prepare(settings, role);
        var environment = new NodeEnvironment { Role = role, Data = data, Configuration = configuration };
        PortCheck.Check(
        [
            new PortUse("Gateway:Diagnostics:Port", ListenAddresses.Address(settings.Diagnostics.BindAddress), settings.Diagnostics.PortOf(role)),
        ]);
        var nodes = new Dictionary<string, Readiness> { [role.ToString().ToLowerInvariant()] = environment.Readiness };
        await using var diagnostics = await DiagnosticsServer.StartAsync(settings, settings.Diagnostics.PortOf(role), nodes, stop);
        await using var node = await build(settings, environment, stop);
        await RunNodeAsync(node, environment, stop);
    });

    /// <summary>Starts a built node, waits for the stop and stops it gracefully.</summary>
    /// <exception cref="ExitException">The node stopped by itself: a part of it failed. Whoever supervises the process must see that.</exception>
    public static async Task RunNodeAsync(WebApplication node, NodeEnvironment environment, CancellationToken stop)
    {
        await node.StartAsync(stop);
        environment.Readiness.Started(node.Services.GetServices<IReadinessSource>());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, node.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        environment.Readiness.Drain();
        await node.StopAsync(CancellationToken.None);
        if (!stop.IsCancellationRequested)
        {
            throw StoppedByItself();
        }
    }

    /// <summary>What ends a process one of whose nodes stopped without being told to.</summary>
    public static ExitException StoppedByItself() => new(ExitCodes.Refused, "The process ends because a part of it stopped by itself; the messages above say why.");

    /// <summary>
    /// Runs something that ends by itself or by a signal, and turns how it ended into an exit code. What went wrong is said on standard
    /// error in one sentence per finding, without secrets.
    /// </summary>
    public static async Task<int> GuardAsync(Func<CancellationToken, Task> run)
    {
        using var stopping = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            await run(stopping.Token);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
        catch (Exception failure)
        {
            var exit = Failures.ToExit(failure);
            await Console.Error.WriteLineAsync(exit.Message);
            if (exit.Code == ExitCodes.Refused && failure is not ExitException)
            {
                await Console.Error.WriteLineAsync(failure.ToString());
            }

            return exit.Code;
        }
    }
}
