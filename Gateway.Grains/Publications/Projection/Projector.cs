using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;

namespace Gateway.Grains.Publications.Projection;

/// <summary>One part that was built.</summary>
/// <param name="Part">Which.</param>
/// <param name="Plain">Its content; null when the publication has no such part.</param>
internal sealed record ProjectedPart(PartKey Part, byte[]? Plain);

/// <summary>
/// Keeps the image of the catalog; a step costs what its changes cost. Pure but for its own state: no clock, no store. Used by
/// one step at a time.
/// </summary>
internal sealed class Projector(string gateway, string serviceName, IPolicyTrees trees)
{
    private readonly CatalogImage _image = new(gateway);
    private bool _isBegun;

    /// <summary>True when the catalog has the gateway.</summary>
    public bool IsDeclared => _image.Assignment.IsDeclared;

    /// <summary>
    /// Takes in changed resources and gives the parts that are to be built again because of them; the first step gives all. On
    /// errors the changes stay taken in, and their parts are tried again with the next step.
    /// </summary>
    public Result<IReadOnlyList<ProjectedPart>> Step(IEnumerable<CatalogContent> changes)
    {
        var wasDeclared = IsDeclared;
        foreach (var change in changes)
        {
            _image.Take(change);
        }

        if (wasDeclared != IsDeclared)
        {
            MarkAll();
        }

        if (!_isBegun)
        {
            _image.Mark([PartKey.Service]);
            _isBegun = true;
        }

        var dirty = _image.TakeDirty();
        var built = new List<ProjectedPart>(dirty.Count);
        var errors = new List<GatewayError>();
        var builder = new PartBuilder(_image, trees, serviceName);
        foreach (var part in dirty)
        {
            var content = builder.Build(part);
            errors.AddRange(content.Errors);
            built.Add(new ProjectedPart(part, content.Value));
        }

        if (errors.Count > 0)
        {
            _image.Mark(dirty);
            return errors.ToArray();
        }

        return built;
    }

    private void MarkAll()
    {
        _image.Mark([PartKey.Service]);
        _image.Mark(_image.Apis.Keys.Select(PartKey.Api));
        _image.Mark(Enumerable.Range(0, SubscriptionBuckets.Count).Select(SubscriptionBuckets.Part));
    }
}
