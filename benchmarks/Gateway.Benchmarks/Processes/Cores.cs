using System.Diagnostics;

namespace Gateway.Benchmarks.Processes;

/// <summary>Which cores a process that runs already may use from now on.</summary>
internal static class Cores
{
    /// <summary>All of its threads, and those that they start.</summary>
    /// <param name="process">The process.</param>
    /// <param name="cores">The numbers of the cores, with commas.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task PinAsync(int process, string cores, CancellationToken cancellationToken)
    {
        using var taskset = Process.Start(new ProcessStartInfo("taskset", ["--all-tasks", "--cpu-list", "--pid", cores, $"{process}"]) { RedirectStandardOutput = true })!;
        await taskset.StandardOutput.ReadToEndAsync(cancellationToken);
        await taskset.WaitForExitAsync(cancellationToken);
        if (taskset.ExitCode != 0)
        {
            throw new InvalidOperationException($"taskset ended with {taskset.ExitCode} for process {process}.");
        }
    }
}
