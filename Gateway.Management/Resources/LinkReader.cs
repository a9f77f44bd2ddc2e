using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;

namespace Gateway.Management.Resources;

/// <summary>Puts the linked resource's properties in the place of a link's own, as the reference product does.</summary>
internal sealed class LinkReader(Catalog catalog)
{
    private const int AtOnce = 16;

    /// <summary>What an answer shows for a resource of this kind.</summary>
    public async Task<Resource> ShowAsync(ResourceKind kind, Resource resource, CancellationToken cancellationToken)
    {
        if (kind.LinksTo(resource.Id) is not { } target)
        {
            return resource;
        }

        // A target deleted a moment ago leaves the link's own properties to show.
        var found = await catalog.Reader.Get(target, cancellationToken);
        return found.IsSuccess ? resource with { Properties = found.Value.Properties } : resource;
    }

    /// <summary>The same for a page, a few at a time.</summary>
    public async Task<Resource[]> ShowAsync(ResourceKind kind, Resource[] resources, CancellationToken cancellationToken)
    {
        var shown = new List<Resource>(resources.Length);
        foreach (var part in resources.Chunk(AtOnce))
        {
            shown.AddRange(await Task.WhenAll(part.Select(resource => ShowAsync(kind, resource, cancellationToken))));
        }

        return [.. shown];
    }
}
