using Gateway.Contracts.Nodes;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Tests.Running;

public sealed class HostRunnerTests
{
    [Fact]
    public async Task Node_WhosePartFails_EndsWithAFailure()
    {
        var failed = await Assert.ThrowsAsync<ExitException>(() => RunAsync(() => throw new InvalidOperationException("broken"), CancellationToken.None));

        Assert.Equal(ExitCodes.Refused, failed.Code);
    }

    [Fact]
    public async Task Node_ThatIsToldToStop_EndsWell()
    {
        using var stop = new CancellationTokenSource();

        await RunAsync(stop.Cancel, stop.Token);

        Assert.True(stop.IsCancellationRequested);
    }

    // The work begins when the node runs.
    private static async Task RunAsync(Action work, CancellationToken stop)
    {
        using var folder = new TemporaryFolder();
        using var data = DataFolder.Open(folder.Path);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddHostedService(services => new Worker(work, services.GetRequiredService<IHostApplicationLifetime>()));
        await using var node = builder.Build();
        await HostRunner.RunNodeAsync(node, new NodeEnvironment { Role = NodeRole.Edge, Data = data, Configuration = new ConfigurationManager() }, stop);
    }

    private sealed class Worker(Action work, IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            work();
        }
    }
}
