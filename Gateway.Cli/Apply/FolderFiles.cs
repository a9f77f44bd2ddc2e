using System.Text;

namespace Gateway.Cli.Apply;

/// <summary>
/// The files below one root, and nothing else: links are followed only while they stay inside (a mounted volume is made of
/// such links), sizes and counts are bounded. Findings are collected.
/// </summary>
internal sealed class FolderFiles(string root, FolderLimits limits, List<FolderError> errors)
{
    private const int MaximumLinks = 40;
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    private readonly string _root = RealPath(Path.GetFullPath(root)) ?? Path.GetFullPath(root);
    private long _bytes;
    private int _entries;

    /// <summary>The names of the folders in a folder (relative; <c>""</c> is the root), sorted; hidden ones are left out.</summary>
    public IEnumerable<string> Folders(string folder) => Entries(folder, folders: true);

    /// <summary>The names of the files in a folder, sorted; hidden ones are left out.</summary>
    public IEnumerable<string> Files(string folder) => Entries(folder, folders: false);

    /// <summary>The text of a file; null, with a finding, when it cannot be taken.</summary>
    public string? Read(string file, long maximum)
    {
        try
        {
            using var stream = new FileStream(Path.Combine(_root, file), FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > maximum)
            {
                errors.Add(new FolderError(file, $"The file has {stream.Length} bytes, {maximum} are allowed."));
                return null;
            }

            if ((_bytes += stream.Length) > limits.TotalBytes)
            {
                errors.Add(new FolderError(file, $"The files have more than {limits.TotalBytes} bytes together."));
                return null;
            }

            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return _strict.GetString(content).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            errors.Add(new FolderError(file, "The file is not UTF-8 text."));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(new FolderError(file, $"The file cannot be read: {exception.Message}"));
            return null;
        }
    }

    private List<string> Entries(string folder, bool folders)
    {
        var path = Path.Combine(_root, folder);
        var names = new List<string>();
        try
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(path))
            {
                if (++_entries > limits.Entries)
                {
                    errors.Add(new FolderError(folder, $"The folder has more than {limits.Entries} entries."));
                    return [];
                }

                var name = Path.GetFileName(entry);
                if (name[0] != '.' && IsInside(folder, name) && Directory.Exists(entry) == folders)
                {
                    names.Add(name);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(new FolderError(folder, $"The folder cannot be read: {exception.Message}"));
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private bool IsInside(string folder, string name)
    {
        var path = Path.Combine(_root, folder, name);
        var real = File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint) ? RealPath(path) : path;
        if (real is not null && real.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            return true;
        }

        var error = new FolderError(Path.Combine(folder, name), "The link leads out of the folder, or nowhere; it is not followed.");
        if (!errors.Contains(error))
        {
            errors.Add(error);
        }

        return false;
    }

    /// <summary>The path with every link on the way resolved; null when it leads nowhere.</summary>
    private static string? RealPath(string path)
    {
        var links = 0;
        var pending = new Stack<string>(Parts(path).Reverse());
        var real = Path.GetPathRoot(path)!;
        while (pending.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (!Path.Exists(next))
            {
                return null;
            }

            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaximumLinks)
            {
                return null;
            }

            real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
            foreach (var step in Parts(target).Reverse())
            {
                pending.Push(step);
            }
        }

        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path[(Path.IsPathRooted(path) ? Path.GetPathRoot(path)!.Length : 0)..]
            .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != ".");
}
