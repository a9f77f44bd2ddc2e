using System.Text;
using Gateway.Hosting.Running;

namespace Gateway.Hosting.Data;

/// <summary>The folder in which a process keeps what outlives it. The lock on it goes with the process, however that ends.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream? _lock;

    private DataFolder(string path, FileStream? held)
    {
        Root = path;
        _lock = held;
    }

    /// <summary>The folder, absolute.</summary>
    public string Root { get; }

    /// <summary>A file or folder inside.</summary>
    public string In(string name) => Path.Combine(Root, name);

    /// <summary>A folder that the caller has locked already.</summary>
    public static DataFolder Held(string path) => new(Path.GetFullPath(path), null);

    /// <summary>Makes the folder (mode 0700) when it is missing, and takes its lock.</summary>
    /// <exception cref="ExitException">It is in use, or cannot be made or written: exit code 4.</exception>
    public static DataFolder Open(string path)
    {
        var root = Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(root);
            }
            else
            {
                Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Failure($"The data folder {root} (Gateway:Data:Path) cannot be made: {refused.Message}", refused);
        }

        try
        {
            return new DataFolder(root, new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException refused)
        {
            throw Failure($"The data folder {root} (Gateway:Data:Path) cannot be written: {refused.Message}", refused);
        }
        catch (IOException refused)
        {
            throw Failure($"The data folder {root} (Gateway:Data:Path) is in use by another process, or cannot be written: {refused.Message}", refused);
        }
    }

    /// <summary>The text of a file inside without the white space around it; when the file is missing it is made first, mode 0600.</summary>
    /// <exception cref="ExitException">The file is empty or cannot be read: exit code 4.</exception>
    public string ReadOrMake(string name, Func<string> make)
    {
        var path = In(name);
        try
        {
            if (!File.Exists(path))
            {
                PrivateFile.Write(path, Encoding.UTF8.GetBytes(make() + "\n"));
            }

            var text = File.ReadAllText(path).Trim();
            return text.Length > 0 ? text : throw Damaged(name, "it is empty");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Damaged(name, refused.Message.TrimEnd('.'), refused);
        }
    }

    /// <summary>What to throw for a file inside that is not as it was left.</summary>
    public ExitException Damaged(string name, string reason, Exception? cause = null) =>
        Failure($"The data folder {Root} (Gateway:Data:Path) is damaged, {name}: {reason}.", cause);

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();

    private static ExitException Failure(string sentence, Exception? cause) => new(ExitCodes.DataFolder, sentence, cause);
}
