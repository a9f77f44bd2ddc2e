using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;

namespace Gateway.Grains.Publications.Projection;

/// <summary>One chunk of the publication being made.</summary>
/// <param name="Part">What it holds.</param>
/// <param name="Name">The name of its content.</param>
/// <param name="Plain">The content when it was built in this step; null when it is as it was.</param>
internal sealed record ProjectedChunk(PartKey Part, string Name, byte[]? Plain);

/// <summary>
/// Keeps the image of the catalog and the names of all chunks that follow from it; a step costs what its changes cost. Pure
/// but for its own state: no clock, no store. Used by one step at a time.
/// </summary>
internal sealed class Projector(string gateway, string serviceName, IPolicyTrees trees, ChunkCodec codec)
{
    private readonly SortedDictionary<PartKey, string> _names = new(PartOrder.Instance);
    private readonly CatalogImage _image = new(gateway);

    /// <summary>True when the catalog has the gateway.</summary>
    public bool IsDeclared => _image.Assignment.IsDeclared;

    /// <summary>
    /// Takes in changed resources and gives all chunks of the publication that follows, ordered. On errors the changes stay
    /// taken in, and their parts are tried again with the next step.
    /// </summary>
    public Result<IReadOnlyList<ProjectedChunk>> Step(IEnumerable<CatalogContent> changes)
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

        if (!_names.ContainsKey(PartKey.Service))
        {
            _image.Mark([PartKey.Service]);
        }

        var dirty = _image.TakeDirty();
        var built = new Dictionary<PartKey, byte[]?>();
        var errors = new List<GatewayError>();
        var builder = new PartBuilder(_image, trees, serviceName);
        foreach (var part in dirty)
        {
            var content = builder.Build(part);
            errors.AddRange(content.Errors);
            built[part] = content.Value;
        }

        if (errors.Count > 0)
        {
            _image.Mark(dirty);
            return errors.ToArray();
        }

        return new Result<IReadOnlyList<ProjectedChunk>> { Value = Merge(built) };
    }

    private ProjectedChunk[] Merge(Dictionary<PartKey, byte[]?> built)
    {
        foreach (var (part, plain) in built)
        {
            if (plain is null)
            {
                _names.Remove(part);
            }
            else
            {
                _names[part] = codec.NameOf(plain);
            }
        }

        return [.. _names.Select(name => new ProjectedChunk(name.Key, name.Value, built.GetValueOrDefault(name.Key)))];
    }

    private void MarkAll()
    {
        _image.Mark([PartKey.Service]);
        _image.Mark(_image.Apis.Keys.Select(PartKey.Api));
        _image.Mark(Enumerable.Range(0, SubscriptionBuckets.Count).Select(bucket => new PartKey(ChunkKind.Subscriptions, SubscriptionBuckets.Name(bucket))));
    }

    private sealed class PartOrder : IComparer<PartKey>
    {
        public static PartOrder Instance { get; } = new();

        public int Compare(PartKey left, PartKey right) =>
            left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : string.CompareOrdinal(left.Id, right.Id);
    }
}
