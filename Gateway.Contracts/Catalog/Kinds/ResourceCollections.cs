namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>Finds the kind of a collection's members.</summary>
public static class ResourceCollections
{
    private static readonly (ResourceKind Kind, string[] Segments)[] _collections =
        [.. ResourceKinds.All.Select(kind => (kind, kind.Template.Text.Split('/', StringSplitOptions.RemoveEmptyEntries)[..^1]))];

    /// <summary>The kind of the resources in the collection at this path, with the path in its canonical spelling; null when no kind has such a collection.</summary>
    public static ResourceMatch? Match(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (kind, template) in _collections)
        {
            if (Matches(template, segments))
            {
                return new ResourceMatch(kind, "/" + string.Join('/', segments.Select((segment, i) => template[i][0] == '{' ? segment : template[i])));
            }
        }

        return null;
    }

    private static bool Matches(string[] template, string[] segments) => template.Length == segments.Length
        && template.Zip(segments).All(pair => pair.First[0] == '{' || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));
}
