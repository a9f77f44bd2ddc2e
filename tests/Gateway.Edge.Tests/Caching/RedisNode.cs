using System.Diagnostics;
using System.Globalization;
using Gateway.Testing.Stores;

namespace Gateway.Edge.Tests.Caching;

/// <summary>A redis-server process with a folder of its own, started with arguments of its own.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("redis-node").FullName;
    private readonly Process _process;

    /// <summary>Starts it; it may not listen yet.</summary>
    /// <param name="port">Its port, without TLS unless the arguments say otherwise.</param>
    /// <param name="arguments">What it gets besides; a first one that is no option is the text of a configuration file.</param>
    public RedisNode(int port, params string[] arguments)
    {
        Port = port;
        var start = new ProcessStartInfo("redis-server");
        if (arguments is [var text, ..] && !text.StartsWith("--", StringComparison.Ordinal))
        {
            var file = In("node.conf");
            File.WriteAllText(file, text);
            start.ArgumentList.Add(file);
            arguments = arguments[1..];
        }
        else
        {
            start.ArgumentList.Add("--save");
            start.ArgumentList.Add("");
        }

        foreach (var argument in (string[])["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--logfile", In("log.txt"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>A free port, low enough for the bus of a cluster, which is 10,000 above.</summary>
    public static int FreePortOfACluster()
    {
        while (true)
        {
            if (FreePort.Next() is var port and < 55_000)
            {
                return port;
            }
        }
    }

    /// <summary>A path in its folder.</summary>
    public string In(string name) => Path.Combine(_folder, name);

    /// <summary>As <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
