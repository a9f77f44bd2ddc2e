using Gateway.Hosting.Running;
using Gateway.PolicyCompiler;

namespace Gateway.Cli.Policies;

/// <summary>One file to check.</summary>
/// <param name="Path">As the user gave it, or below it.</param>
/// <param name="Text">The text; null when the file is longer than a document may be.</param>
internal sealed record DocumentFile(string Path, string? Text);

/// <summary>Finds the files to check.</summary>
internal static class DocumentFiles
{
    /// <summary>Files at most.</summary>
    private const int Maximum = 100_000;

    private static readonly EnumerationOptions _below = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint };

    /// <summary>The files of paths, in their order; those of a folder by name.</summary>
    /// <exception cref="ExitException">A path does not exist or cannot be read, or holds too many files.</exception>
    public static IReadOnlyList<DocumentFile> Find(IEnumerable<string> paths)
    {
        try
        {
            string[] files = [.. paths.SelectMany(FilesOf).Take(Maximum + 1)];
            return files.Length <= Maximum
                ? Array.ConvertAll(files, Read)
                : throw new ExitException(ExitCodes.Setting, $"There are more than {Maximum} files to check; name fewer.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.Setting, exception.Message);
        }
    }

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path) ? [path]
        : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.xml", _below).Order(StringComparer.Ordinal)
        : throw new ExitException(ExitCodes.Setting, $"There is no file and no folder '{path}'.");

    // A character has at most three bytes of UTF-8, or four for two.
    private static DocumentFile Read(string path) =>
        new(path, new FileInfo(path).Length > 4L * PolicySource.MaximumBytes ? null : File.ReadAllText(path));
}
