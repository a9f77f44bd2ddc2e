using System.Text.Json.Nodes;
using Gateway.Cli.Data;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Up;

/// <summary><c>gateway up</c> as a process, on free ports.</summary>
internal sealed class UpProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] _ports = ["--gateway-port", "--gateway-tls-port", "--management-port", "--management-tls-port", "--diagnostics-port"];

    private UpProcess(ChildProcess process, string data)
    {
        Process = process;
        RunFilePath = Path.Combine(data, "run.json");
    }

    public ChildProcess Process { get; }

    public string RunFilePath { get; }

    public RunFile Run => RunFile.Read(RunFilePath) ?? throw new InvalidOperationException("There is no run.json.");

    public string AdminToken => File.ReadAllText(Run.AdminTokenFile).Trim();

    /// <summary>The line of the printed text that begins so.</summary>
    public string Line(string start) => Process.Errors.Split('\n').Select(line => line.Trim()).First(line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>The key in the printed curl line.</summary>
    public string SampleKey => Line("curl -H 'Ocp-Apim").Split("Key: ")[1].Split('\'')[0];

    public static UpProcess Begin(string data, params string[] args) => Begin(data, new(), args);

    public static Task<UpProcess> StartAsync(string data, params string[] args) => StartAsync(data, new(), args);

    public static async Task<UpProcess> StartAsync(string data, Dictionary<string, string> environment, params string[] args)
    {
        var up = Begin(data, environment, args);
        try
        {
            await up.Process.WaitForLineAsync("ready", Patience);
            return up;
        }
        catch
        {
            await up.DisposeAsync();
            throw;
        }
    }

    /// <summary>The exit code and stderr of a run that is not meant to get ready.</summary>
    public static async Task<(int Code, string Errors)> EndAsync(string data, params string[] args)
    {
        await using var up = Begin(data, args);
        return (await up.Process.WaitForExitAsync(Patience), up.Process.Errors);
    }

    public async Task StopAsync()
    {
        Process.Stop();
        Assert.Equal(0, await Process.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(File.Exists(RunFilePath));
    }

    public async Task<(int Status, JsonNode? Body)> ManageAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var client = Http.Client(Run.CaFile);
        return await Http.ManageAsync(client, Run.ManagementTls, AdminToken, method, path, body);
    }

    private static UpProcess Begin(string data, Dictionary<string, string> environment, string[] args) => new(
        ChildProcess.Dotnet("gateway.dll", ["up", "--data", data, .. _ports.Except(args).SelectMany(port => new[] { port, "0" }), .. args], environment), data);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
