using Gateway.Cli.Apply;
using Gateway.Cli.Commands;
using Gateway.Cli.Data;
using Gateway.Cli.Management;
using Gateway.Cli.Samples;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Up;

/// <summary>One run of <c>gateway up</c>: decide, start, fill, say so, wait for a signal, stop.</summary>
internal sealed class UpRun(UpOptions options, HostRunner.BuildNode silo, HostRunner.BuildNode edge, Output output, TimeProvider time)
{
    /// <summary>Runs until a signal or a failure; the answer is the exit code.</summary>
    public Task<int> RunAsync() => HostRunner.GuardAsync(RunAsync);

    private async Task RunAsync(CancellationToken stop)
    {
        if (options.Apply is { } folder && !Directory.Exists(folder))
        {
            throw new ExitException(ExitCodes.Setting, $"--apply: the folder {folder} does not exist.");
        }

        using var data = DataFolder.Open(options.Data);
        var runFile = data.In("run.json");
        File.Delete(runFile);
        var state = StateFile.Load(data);
        var plan = UpPlan.Make(options, data, new Random());
        plan.Ports.Save(data);

        await using var site = new UpSite(plan, data, time);
        await output.Messages.WriteLineAsync($"Starting on {data.Root}.");
        var target = plan.Target();
        using var client = new ManagementClient(target with { Service = new Uri(plan.Run.Management + target.Service.AbsolutePath) });
        var version = 0L;
        await site.StartAsync(silo, edge, async () => version = await FillAsync(client, plan, isFirst: !state.Started, stop), stop);

        var key = IsOwnHub(plan) ? await Sample.KeyAsync(client, stop) : null;
        var publication = await PublicationWait.ForVersionAsync(site, plan.Settings, version, time, stop);
        await site.RememberAsync();

        var run = plan.Run with { Publication = publication };
        run.Write(runFile);
        try
        {
            await output.Messages.WriteLineAsync(Welcome.Text(run, data.Root, target.Service, key));
            await output.Result.WriteLineAsync("ready");
            await output.Result.FlushAsync(stop);
            await WaitAsync(site, stop);
        }
        finally
        {
            File.Delete(runFile);
        }
    }

    // The answer is the catalog version to wait for; 0 when nothing was written.
    private async Task<long> FillAsync(ManagementClient client, UpPlan plan, bool isFirst, CancellationToken stop)
    {
        var version = 0L;
        if (isFirst && !options.NoSample && IsOwnHub(plan))
        {
            version = await Sample.ApplyAsync(client, plan.Ports.SampleBackend, output, stop);
        }
        else if (IsOwnHub(plan) && plan.FormerBackendPort != 0 && plan.FormerBackendPort != plan.Ports.SampleBackend)
        {
            version = await Sample.MoveBackendAsync(client, plan.FormerBackendPort, plan.Ports.SampleBackend, stop);
        }

        if (options.Apply is { } folder)
        {
            // Stdout is for `ready` alone.
            version = await FolderApplier.ApplyAsync(folder, client, output with { Result = output.Messages }, stop)
                ?? throw new ExitException(ExitCodes.Refused, $"--apply: {folder} was not applied.");
        }

        return version;
    }

    // What a federated site serves comes from its hub.
    private static bool IsOwnHub(UpPlan plan) => plan.Settings.Upstream.Endpoint is null;

    private static async Task WaitAsync(UpSite site, CancellationToken stop)
    {
        using var ending = site.Ending(stop);
        await Task.Delay(Timeout.Infinite, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stop.IsCancellationRequested)
        {
            throw HostRunner.StoppedByItself();
        }
    }
}
