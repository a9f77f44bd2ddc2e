using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Gateway.Testing.Stores;

/// <summary>A redis-server process of the machine.</summary>
internal sealed class RedisTestStore : TestStore
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(20);

    private readonly int _port = FreePort.Next();
    private Process? _process;

    /// <inheritdoc />
    public override string ConnectionString => $"127.0.0.1:{_port},allowAdmin=true";

    /// <summary>The redis-server on the PATH; null when there is none.</summary>
    public static string? Executable { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    /// <inheritdoc />
    protected override async Task OpenAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Executable ?? throw new InvalidOperationException("There is no redis-server."))
        {
            ArgumentList =
            {
                "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", Folder,
                "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--loglevel", "warning", "--logfile", Path.Combine(Folder, "log.txt"),
            },
        })!;
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var probe = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
                return;
            }
            catch (RedisConnectionException) when (started.Elapsed < _startLimit && !_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <inheritdoc />
    protected override async Task CloseAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = null;
        }
    }
}
