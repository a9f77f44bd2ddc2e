using System.Reflection;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>All settings that there are, read off the settings classes.</summary>
public static class SettingsCatalog
{
    /// <summary>The configuration section that holds them.</summary>
    public const string Root = "Gateway";

    // A name that is right but stands in another section counts as two wrong letters.
    private const int SectionMissed = 2;

    /// <summary>Every setting, sections in the order of the classes.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Enumerate(typeof(GatewaySettings), [])];

    /// <summary>The setting with a path, without regard to case; null when there is none.</summary>
    public static Setting? Find(string path) =>
        All.FirstOrDefault(setting => string.Equals(setting.Path, path, StringComparison.OrdinalIgnoreCase));

    /// <summary>The known path most like an unknown one; null when none is near.</summary>
    public static string? Nearest(string path)
    {
        var leaf = path[(path.LastIndexOf(':') + 1)..];
        var (nearest, whole, last) = All
            .Select(setting => (
                setting.Path,
                Whole: EditDistance(path, setting.Path),
                Last: SectionMissed + EditDistance(leaf, setting.Path[(setting.Path.LastIndexOf(':') + 1)..])))
            .MinBy(candidate => (Math.Min(candidate.Whole, candidate.Last), candidate.Whole));
        return Math.Min(whole, last) <= Math.Max(2, leaf.Length / 3) ? nearest : null;
    }

    private static IEnumerable<Setting> Enumerate(Type type, PropertyInfo[] sections)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsSetting))
        {
            if (property.PropertyType is { IsClass: true } nested && nested.Namespace == typeof(GatewaySettings).Namespace)
            {
                foreach (var setting in Enumerate(nested, [.. sections, property]))
                {
                    yield return setting;
                }
            }
            else
            {
                yield return new Setting(sections, property);
            }
        }
    }

    private static bool IsSetting(PropertyInfo property) =>
        property.CanWrite && !property.IsDefined(typeof(NotASettingAttribute));

    private static int EditDistance(string left, string right)
    {
        if (left.Length > 200)
        {
            return int.MaxValue - 1;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + change, 1 + Math.Min(row[j], row[j - 1])));
            }
        }

        return row[^1];
    }
}
