using Gateway.Hosting.Running;
using System.Globalization;
using System.Net.Sockets;
using Garnet;

namespace Gateway.Cli.Stores;

/// <summary>
/// A Redis-compatible store inside this process, on a loopback port and behind a password. A write is acknowledged when it
/// is in the append-only file, so that a killed process loses nothing that it confirmed.
/// </summary>
public sealed class EmbeddedStore : IDisposable
{
    private readonly GarnetServer _server;

    private EmbeddedStore(GarnetServer server, string connectionString)
    {
        _server = server;
        ConnectionString = connectionString;
    }

    /// <summary>How StackExchange.Redis reaches it; holds the password.</summary>
    public string ConnectionString { get; }

    /// <summary>Recovers what the folder holds and listens.</summary>
    /// <param name="folder">Where the data is; made when it is not there.</param>
    /// <param name="port">A free loopback port.</param>
    /// <param name="password">What clients must send; base64 or other text without commas.</param>
    /// <param name="loggers">Where the store's own warnings go.</param>
    /// <exception cref="ExitException">The port is in use, or the data cannot be recovered.</exception>
    public static EmbeddedStore Start(string folder, int port, string password, ILoggerFactory loggers)
    {
        GarnetServer? server = null;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            server = new GarnetServer(Arguments(folder, port, password), loggers);
            server.Start();
            return new EmbeddedStore(server, string.Create(
                CultureInfo.InvariantCulture,
                $"127.0.0.1:{port},password={password},abortConnect=false"));
        }
        catch (Exception exception)
        {
            server?.Dispose();
            throw exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
                ? new ExitException(ExitCodes.PortInUse, $"--store-port: port {port} is in use.", exception)
                : new ExitException(ExitCodes.DataFolder, $"The store in {folder} cannot be opened, its data may be damaged: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>Stops listening and closes the files.</summary>
    public void Dispose() => _server.Dispose();

    private static string[] Arguments(string folder, int port, string password) =>
    [
        "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
        "--auth", "Password", "--password", password,
        "--max-databases", "1", "-q", "true",

        // Small by default, spills to disk: the defaults reserve 16 GB for the log and 1 GB for buffers.
        "--memory", "64m", "--page", "1m", "--index", "4m", "--segment", "64m", "--object-log-segment", "64m",
        "--pubsub-pagesize", "4k", "--buffer-pool-memory-budget", "16m",
        "--storage-tier", "true", "--compaction-type", "Lookup", "--device-type", "RandomAccess",

        // Every write is in the append-only file before it is acknowledged; a checkpoint cuts the file at 64 MB.
        "--aof", "true", "--aof-commit-freq", "0", "--aof-commit-wait", "true",
        "--aof-memory", "16m", "--aof-page-size", "4m", "--aof-segment-size", "64m", "--aof-size-limit", "64m",
        "--recover", "true", "--fail-on-recovery-error", "true",
        "--logdir", Path.Combine(folder, "log"), "--checkpointdir", Path.Combine(folder, "checkpoints"),

        // Orleans' Redis providers are Lua scripts.
        "--lua", "true", "--lua-transaction-mode", "true",
    ];
}
