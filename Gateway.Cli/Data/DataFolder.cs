using System.Security.Cryptography;
using Gateway.Cli.Commands;

namespace Gateway.Cli.Data;

/// <summary>
/// The folder that holds everything of an all-in-one gateway. One process has it at a time; the lock goes with the process,
/// however it ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>The token of the management API.</summary>
    public string AdminTokenFile => In("admin-token");

    /// <summary>The key that everything secret is encrypted under.</summary>
    public string SiteKeyFile => In("site.key");

    /// <summary>The certificates to trust when calling this gateway over https.</summary>
    public string CaFile => In("ca.pem");

    /// <summary>Says where a running gateway is; absent when none runs.</summary>
    public string RunFile => In("run.json");

    /// <summary>A file or folder inside.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder when it is not there, and takes its lock.</summary>
    /// <exception cref="CommandException">It is in use, or cannot be made or written.</exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.DataFolder, $"The data folder {full} cannot be made: {exception.Message}", exception);
        }

        var lockFile = System.IO.Path.Combine(full, "lock");
        try
        {
            var held = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(full, held);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new CommandException(ExitCodes.DataFolder, $"The data folder {full} cannot be written: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw new CommandException(ExitCodes.DataFolder, $"The data folder {full} is in use by another process, or cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>The text of a secret file; on first use a new random one of 32 bytes, base64.</summary>
    /// <exception cref="CommandException">The file is there, but empty or unreadable.</exception>
    public string Secret(string path)
    {
        if (!File.Exists(path))
        {
            PrivateFile.Write(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        var text = Read(path).Trim();
        return text.Length > 0 ? text : throw Damaged(path, "it is empty");
    }

    /// <summary>The text of a file.</summary>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Damaged(path, exception.Message);
        }
    }

    /// <summary>The failure for a file inside that is not as it was left.</summary>
    public CommandException Damaged(string path, string reason) =>
        new(ExitCodes.DataFolder, $"The data folder {Path} is damaged: {System.IO.Path.GetRelativePath(Path, path)}: {reason}.");

    /// <inheritdoc />
    public void Dispose() => _lock.Dispose();
}
