using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;

namespace Gateway.Grains.Publications.Projection;

/// <summary>One part that was built.</summary>
/// <param name="Part">Which.</param>
/// <param name="Plain">Its content; null when the publication has no such part.</param>
internal sealed record ProjectedPart(PartKey Part, byte[]? Plain);

/// <summary>
/// Keeps the image of the catalog; a step costs what its changes cost. Pure but for its own state and the programs, which are compiled
/// once and kept elsewhere: no clock, no store of its own. Used by one step at a time.
/// </summary>
internal sealed class Projector(string gateway, string serviceName, IPolicyTrees trees, IPartFinisher finisher)
{
    private readonly CatalogImage _image = new(gateway);
    private bool _isBegun;

    /// <summary>True when the catalog has the gateway.</summary>
    public bool IsDeclared => _image.Assignment.IsDeclared;

    /// <summary>The expression ABIs that its programs are there for, newest first; empty without programs.</summary>
    public IReadOnlyList<int> Abis => finisher.Abis;

    /// <summary>
    /// Takes in changed resources and gives the parts that are to be built again because of them, and the programs that come and go; the
    /// first step gives all. On errors, and when it throws, the changes stay taken in, and their parts are tried again with the next step.
    /// </summary>
    /// <param name="changes">The resources.</param>
    /// <param name="abis">The expression ABIs to have programs for, newest first.</param>
    public async Task<Result<IReadOnlyList<ProjectedPart>>> StepAsync(IEnumerable<CatalogContent> changes, IReadOnlyList<int> abis)
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
        var isDone = false;
        try
        {
            var step = await BuildAsync(dirty, abis);
            isDone = step.IsSuccess;
            return step;
        }
        finally
        {
            if (!isDone)
            {
                _image.Mark(dirty);
            }
        }
    }

    private async Task<Result<IReadOnlyList<ProjectedPart>>> BuildAsync(IReadOnlyCollection<PartKey> dirty, IReadOnlyList<int> abis)
    {
        var built = new Dictionary<PartKey, BuiltPart>(dirty.Count);
        var errors = new List<GatewayError>();
        var builder = new PartBuilder(_image, trees, serviceName);
        foreach (var part in dirty)
        {
            var content = builder.Build(part);
            errors.AddRange(content.Errors);
            if (content.IsSuccess)
            {
                built.Add(part, content.Value);
            }
        }

        return errors.Count > 0 ? errors.ToArray() : await finisher.FinishAsync(built, abis);
    }

    private void MarkAll()
    {
        _image.Mark([PartKey.Service]);
        _image.Mark(_image.Apis.Keys.Select(PartKey.Api));
        _image.Mark(Enumerable.Range(0, SubscriptionBuckets.Count).Select(SubscriptionBuckets.Part));
    }
}
