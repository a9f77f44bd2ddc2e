using Gateway.Grains.Catalog;
using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Publications;

/// <summary>Parts from this site's catalog: reads what changed and projects it, on the thread pool.</summary>
internal sealed class CatalogParts(string gateway, CatalogSource catalog, Func<Projector> makeProjector) : IPartSource
{
    private Projector? _projector;
    private SourceHead? _given;

    /// <inheritdoc />
    public bool IsBegun => _projector is not null;

    /// <inheritdoc />
    public IReadOnlyList<int> Abis => _projector?.Abis ?? [];

    /// <inheritdoc />
    public async Task<SourceHead> ReadHeadAsync()
    {
        var head = await catalog.ReadHeadAsync();
        return new SourceHead(head.Lineage, head.Version);
    }

    /// <inheritdoc />
    public Task<bool> IsDeclaredAsync() => catalog.HasGatewayAsync(gateway);

    /// <inheritdoc />
    public async Task<SourceStep?> StepAsync(SourceHead head, IReadOnlyList<int> abis)
    {
        var isSameLife = _projector is not null && _given is { } given && given.Lineage?.Id == head.Lineage?.Id;
        var delta = await catalog.ReadSinceAsync(isSameLife ? _given!.Version : null);
        if (delta.Lineage is null)
        {
            return null;
        }

        var isAll = delta.IsFull || _given?.Lineage?.Id != delta.Lineage.Id;
        if (isAll)
        {
            _projector = makeProjector();
            _given = null;
        }

        var projector = _projector!;
        var parts = await Task.Run(() => projector.StepAsync(delta.Contents, abis));
        _given = new SourceHead(delta.Lineage, delta.Version);
        return new SourceStep(_given, isAll, parts);
    }

    /// <inheritdoc />
    public void StartAnew() => _projector = null;
}
