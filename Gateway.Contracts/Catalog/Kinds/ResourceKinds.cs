using Gateway.Contracts.Catalog.Kinds.Products;

namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>Every kind of resource there is, one line each.</summary>
public static class ResourceKinds
{
    /// <summary>All kinds; parents before their children.</summary>
    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        new ProductKind(),
    ];

    /// <summary>The kind of the resource at this path, with the path in its canonical spelling; null when no kind has such a path.</summary>
    public static ResourceMatch? Match(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var kind in All)
        {
            if (kind.Template.Matches(segments))
            {
                return new ResourceMatch(kind, kind.Template.Canonical(segments));
            }
        }

        return null;
    }
}

/// <summary>A resource path and its kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Id">The path in canonical spelling.</param>
public sealed record ResourceMatch(ResourceKind Kind, string Id);
