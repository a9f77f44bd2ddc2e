namespace Gateway.Cli.Apply;

/// <summary>Bounds of a folder: a folder from elsewhere must not exhaust the machine that reads it.</summary>
public sealed record FolderLimits
{
    /// <summary>Bytes of one information or policy file at most; 1 MB.</summary>
    public long FileBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of one specification at most; 16 MB.</summary>
    public long SpecificationBytes { get; init; } = 16 << 20;

    /// <summary>Bytes of all files at most; 512 MB.</summary>
    public long TotalBytes { get; init; } = 512 << 20;

    /// <summary>Entries of all folders at most; 1,000,000.</summary>
    public int Entries { get; init; } = 1_000_000;
}
