using System.Diagnostics;
using System.Globalization;

namespace Gateway.Benchmarks.Processes;

/// <summary>A process that is measured or that serves one that is; killed on dispose.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;

    private Child(Process process, string output)
    {
        _process = process;
        Output = output;
    }

    public int Id => _process.Id;

    /// <summary>The file that holds what the process wrote.</summary>
    public string Output { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program on one core, or on all with null, with its output in a file (a pipe would make us part of the measurement).</summary>
    public static Child Start(int? core, string output, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var pinned = core is { } number ? (string[])["taskset", "-c", $"{number}", .. command] : command;
        var start = new ProcessStartInfo("/bin/sh");
        foreach (var argument in (string[])["-c", $"exec \"$@\" >'{output}' 2>&1", "sh", .. pinned])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new Child(Process.Start(start)!, output);
    }

    /// <summary>CPU time used so far by the process, all threads, user and system.</summary>
    public TimeSpan Cpu() => CpuClock.Of(Id);

    /// <summary>The memory that it has resident, in MB.</summary>
    public long ResidentMb()
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
