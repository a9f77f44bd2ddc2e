using System.Globalization;

namespace Gateway.Contracts.Publications;

/// <summary>The compiled expressions of one API, or of all with equal expressions, or of the service-wide part.</summary>
public sealed record ProgramChunk
{
    /// <summary>The program's key: checked trees name their program by it.</summary>
    public required string Key { get; init; }

    /// <summary>The expression ABI that it is compiled against.</summary>
    public required int Abi { get; init; }

    /// <summary>The assembly.</summary>
    public required byte[] Image { get; init; }

    /// <summary>The id of a program's chunk.</summary>
    public static string Id(string key, int abi) => string.Create(CultureInfo.InvariantCulture, $"{key}.{abi}");

    /// <summary>The ABI in the id of a program's chunk; null when it is none.</summary>
    public static int? AbiOf(string id) =>
        int.TryParse(id.AsSpan(id.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var abi) && id.LastIndexOf('.') > 0 ? abi : null;
}
