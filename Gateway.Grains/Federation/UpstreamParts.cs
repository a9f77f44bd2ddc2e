using Gateway.Contracts.Catalog;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications;
using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Federation;

/// <summary>
/// Parts from the site's copy of its hub's publication; programs are compiled here. Every publication of a federated site has the same parts, whether its
/// edges say that they serve the built-in gateway or the one that the site is to its hub.
/// </summary>
internal sealed class UpstreamParts(string gateway, CatalogSource catalog, IPublicationStore store, ChunkCodec codec, Func<IPartFinisher> makeFinisher) : IPartSource
{
    private readonly PublicationLoader _loader = HubCopy.Loader(store, codec);
    private IPartFinisher? _finisher;
    private PartIndex _index = PartIndex.Empty;
    private SourceHead? _given;

    /// <inheritdoc />
    public bool IsBegun => _finisher is not null;

    /// <inheritdoc />
    public IReadOnlyList<int> Abis => _finisher?.Abis ?? [];

    /// <inheritdoc />
    public async Task<SourceHead> ReadHeadAsync()
    {
        var lineage = (await catalog.ReadHeadAsync()).Lineage;
        var newest = await store.NewestAsync(HubCopy.Place);

        // Which catalog version of the hub it is stands in its manifest, which is read when it is another one.
        return new SourceHead(lineage, newest is not null && newest == _given?.Origin ? _given.Version : 0, newest);
    }

    /// <inheritdoc />
    public async Task<bool> IsDeclaredAsync() =>
        await _loader.LoadAsync() is { } copy && (gateway == CatalogKeys.ManagedGateway || gateway == copy.Manifest.Gateway);

    /// <inheritdoc />
    public async Task<SourceStep?> StepAsync(SourceHead head, IReadOnlyList<int> abis)
    {
        if (await _loader.LoadAsync() is not { } copy)
        {
            return null;
        }

        var isAll = _finisher is null;
        _finisher ??= makeFinisher();
        var built = await BuildAsync(copy);
        if (built is null)
        {
            return null;
        }

        var (finisher, given) = (_finisher, new SourceHead(head.Lineage, copy.Manifest.CatalogVersion, copy.Manifest.Id));
        var parts = built.IsSuccess ? await Task.Run(() => finisher.FinishAsync(built.Value, abis)) : built.Errors;
        if (parts.IsSuccess)
        {
            _index = copy.Index;
        }

        _given = given;
        return new SourceStep(given, isAll, parts);
    }

    /// <inheritdoc />
    public void StartAnew() => (_finisher, _index, _given) = (null, PartIndex.Empty, null);

    // Null when the copy was replaced meanwhile.
    private async Task<Result<Dictionary<PartKey, BuiltPart>>?> BuildAsync(PublishedState copy)
    {
        ChunkReference[] changed = [.. copy.Index.ChunksNotIn(_index).Where(chunk => chunk.Kind != ChunkKind.Index)];
        var bodies = await store.BodiesAsync(HubCopy.Place, [.. changed.Select(chunk => chunk.Name)]);
        return bodies.Contains(null) ? null : await Task.Run(() => Build(copy, changed, bodies!));
    }

    private Result<Dictionary<PartKey, BuiltPart>> Build(PublishedState copy, ChunkReference[] changed, byte[][] bodies)
    {
        var built = new Dictionary<PartKey, BuiltPart>(changed.Length);
        foreach (var gone in _index.ChunksNotIn(copy.Index).Where(chunk => chunk.Kind != ChunkKind.Index))
        {
            built[new PartKey(gone.Kind, gone.Id)] = new BuiltPart(null, null);
        }

        foreach (var (chunk, body) in changed.Zip(bodies))
        {
            var plain = codec.Decode(chunk.Name, body);
            var part = plain.IsSuccess ? HubPart.Read(chunk, plain.Value) : plain.Errors;
            if (!part.IsSuccess)
            {
                return part.Errors;
            }

            built[new PartKey(chunk.Kind, chunk.Id)] = part.Value;
        }

        return built;
    }
}
