using System.Text.RegularExpressions;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Loggers;

/// <summary>
/// Appends messages to a file, one a line: line breaks in a message become spaces, which change no JSON. Credential <c>path</c> is the file's name, in the folder
/// <c>logs</c> of the edge's data. A file that has grown to its bound is moved to the same name with <c>.1</c>, in the place of the one before.
/// </summary>
internal sealed partial class FileLogSink(EdgeOptions options) : ILogSink
{
    public string Type => "file";

    public async Task WriteAsync(LoggerInfo logger, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        if (options.LogFolder is not { } folder)
        {
            throw new LoggerException("This edge has no folder for the files of loggers.");
        }

        var name = logger.Credentials.GetValueOrDefault("path") ?? "";
        if (!Name().IsMatch(name))
        {
            throw new LoggerException("The logger's credential 'path' must be the name of a file: letters, digits, '.', '-' and '_', not beginning with a dot.");
        }

        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, name);
            if (new FileInfo(path) is { Exists: true } file && file.Length >= options.LogFileBytes)
            {
                file.MoveTo($"{path}.1", overwrite: true);
            }

            await using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            foreach (var entry in entries)
            {
                await stream.WriteAsync(LogLines.Of(entry), cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LoggerException($"The file could not be written: {e.GetType().Name}.", e);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
