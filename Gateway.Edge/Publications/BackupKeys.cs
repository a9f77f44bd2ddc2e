using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Publications;

/// <summary>The keys of an edge's backup: one seals, the others still open what they sealed, until everything is sealed anew.</summary>
internal sealed class BackupKeys
{
    /// <summary>Keys in a file at most.</summary>
    public const int Maximum = 8;

    private const string Purpose = "backup";

    private readonly IReadOnlyList<SecretBox> _boxes;

    private BackupKeys(IReadOnlyList<SecretBox> boxes) => _boxes = boxes;

    /// <summary>True when records of another key than the one that seals can be opened.</summary>
    public bool HasOlder => _boxes.Count > 1;

    /// <summary>
    /// Those of the file in the settings, the first of which seals, and the one derived from the publication key, which seals without a file.
    /// </summary>
    /// <exception cref="ExitException">The file holds no key: code 2.</exception>
    public static BackupKeys Read(PublicationFeedOptions options, PublicationKey key)
    {
        if (options.BackupKeyFile is not { } file)
        {
            return new BackupKeys([key.Box(Purpose)]);
        }

        try
        {
            Result<SiteKey>[] own = [.. File.ReadLines(file).Where(line => !string.IsNullOrWhiteSpace(line)).Take(Maximum + 1).Select(SiteKey.Parse)];
            return own.Length is 0 or > Maximum ? throw Refused(file, $"it must hold 1 to {Maximum} keys, one on a line, the one that seals first", null)
                : own.FirstOrDefault(one => !one.IsSuccess) is { } wrong ? throw Refused(file, wrong.Errors[0].Message, null)
                : new BackupKeys([.. own.Select(one => one.Value!.Box(Purpose)), key.Box(Purpose)]);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Refused(file, cause.Message, cause);
        }
    }

    /// <summary>Seals under the key that seals.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated) => _boxes[0].Seal(plain, associated);

    /// <summary>Opens what any of the keys sealed.</summary>
    public Result<byte[]> Open(ReadOnlySpan<byte> record, ReadOnlySpan<byte> associated)
    {
        foreach (var box in _boxes)
        {
            if (box.IsOf(record))
            {
                return box.Open(record, associated);
            }
        }

        return _boxes[0].Open(record, associated);
    }

    /// <summary>True when a record is sealed under the key that seals.</summary>
    public bool IsNewest(ReadOnlySpan<byte> record) => _boxes[0].IsOf(record);

    private static ExitException Refused(string file, string reason, Exception? cause) =>
        new(ExitCodes.Setting, $"Gateway:Backup:KeyFile names {file}: {reason}", cause);
}
