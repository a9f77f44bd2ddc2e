using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.Site.Tests.Processes;

/// <summary>A process of the product, or a server that it needs; ended with the test, by its id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Pause = 19;
    private const int KeptLines = 400;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyList<string> Output => [.. _output];

    public string Errors => string.Join('\n', _errors);

    public bool HasExited => _process.HasExited;

    /// <summary>Runs one of the product's programs.</summary>
    public static ChildProcess Dotnet(string program, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null) =>
        Start("dotnet", [Programs.PathOf(program), .. args], environment);

    public static ChildProcess Start(string file, IEnumerable<string> args, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };

        // What the machine's environment says is not part of the test.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("Gateway__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("GATEWAY_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // It lives for seconds: what the runtime compiles better at once, as the hosts have set for long lives, took more than half of its work.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "2000";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(new Process { StartInfo = start });
    }

    /// <summary>Waits for a line on stdout.</summary>
    public Task WaitForLineAsync(string line, TimeSpan patience) => Poll.UntilAsync(
        () => _output.Contains(line) || (_process.HasExited ? throw new InvalidOperationException($"It ended with {_process.ExitCode}.\n{Errors}") : false),
        patience,
        () => $"no line \"{line}\"; stderr:\n{Errors}");

    /// <summary>Waits until stderr has a text.</summary>
    public Task WaitForErrorAsync(string text, TimeSpan patience) => Poll.UntilAsync(
        () => Errors.Contains(text, StringComparison.Ordinal), patience, () => $"no \"{text}\"; stderr:\n{Errors}");

    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        using var bound = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not end within {patience}; stderr:\n{Errors}");
        }
    }

    /// <summary>SIGTERM, as a supervisor sends it.</summary>
    public void Stop() => Assert.Equal(0, Signal(_process.Id, Terminate));

    /// <summary>SIGSTOP: it hangs, its connections stay open.</summary>
    public void Hang() => Assert.Equal(0, Signal(_process.Id, Pause));

    /// <summary>SIGCONT: it goes on as if nothing had been.</summary>
    public void Resume() => Assert.Equal(0, Signal(_process.Id, Continue));

    /// <summary>SIGKILL: no last word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            while (lines.Count > KeptLines)
            {
                lines.TryDequeue(out _);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
