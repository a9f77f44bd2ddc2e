using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Contracts.Publications;

/// <summary>
/// A page of a publication's index. Which page names a chunk follows from the chunk's kind and id, so a change of one chunk changes
/// one page and the manifest, however many chunks there are.
/// </summary>
public sealed record IndexPage
{
    /// <summary>How many pages there are. Wire. Those without chunks are left out.</summary>
    public const int Count = 64;

    /// <summary>The chunks, ordered by kind and id.</summary>
    public required IReadOnlyList<ChunkReference> Chunks { get; init; }

    /// <summary>The number of the page that names a chunk.</summary>
    public static int Of(ChunkKind kind, string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(int)kind}/{id}")), hash);
        return hash[0] % Count;
    }

    /// <summary>The id of a page in the manifest; sorts by number.</summary>
    public static string Id(int page) => page.ToString("d2", CultureInfo.InvariantCulture);

    /// <summary>The number of a page by its id; null when there is no such page.</summary>
    public static int? Number(string id) =>
        id is [>= '0' and <= '9', >= '0' and <= '9'] && ((id[0] - '0') * 10) + id[1] - '0' is var page and < Count ? page : null;
}
