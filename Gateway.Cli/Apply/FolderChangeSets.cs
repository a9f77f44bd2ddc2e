using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Cli.Apply;

/// <summary>
/// Cuts what a folder declares into change sets that the server takes: one when it fits, else as many as are needed, in the order of the folder, so that what others refer to is there first.
/// </summary>
internal static partial class FolderChangeSets
{
    /// <summary>Writes in one at most, the operations of its specifications included; the server's bound.</summary>
    public const int MaximumWrites = 10_000;

    // The server takes 64 MB; what surrounds the properties is not counted here.
    private const long MaximumBytes = 48 << 20;

    /// <summary>The change sets, each within the bounds unless a single change is not.</summary>
    public static IReadOnlyList<IReadOnlyList<FolderChange>> Split(IReadOnlyList<FolderChange> changes)
    {
        var (sets, writes, bytes) = (new List<List<FolderChange>> { new() }, 0, 0L);
        foreach (var change in changes)
        {
            var (more, longer) = (Writes(change), Encoding.UTF8.GetByteCount(change.Properties.ToJsonString()));
            if (sets[^1].Count > 0 && (writes + more > MaximumWrites || bytes + longer > MaximumBytes))
            {
                sets.Add([]);
                (writes, bytes) = (0, 0);
            }

            sets[^1].Add(change);
            writes += more;
            bytes += longer;
        }

        return sets;
    }

    // A specification has at most as many operations as it names methods, whether it is JSON or YAML.
    private static int Writes(FolderChange change) => 1 + (change.Specification is null ? 0 : Method().Count((string?)change.Properties["value"] ?? ""));

    [GeneratedRegex("""\b(get|put|post|delete|options|head|patch|trace)["']?\s*:""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Method();
}
