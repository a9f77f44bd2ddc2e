using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications;

namespace Gateway.Grains.Federation;

/// <summary>
/// The site's copy of its hub's publication, in the state store, sealed under the site's own key. Replaced as a whole. Its manifest is the one that the
/// hub signed, so that the copy is also what says which key is trusted and what was seen last. Used by one caller at a time.
/// </summary>
internal sealed class HubCopy(IPublicationStore store, CatalogSource catalog, SiteLineage site, ChunkCodec codec)
{
    /// <summary>Where it is stored: a name that no gateway can have.</summary>
    public const string Place = "upstream/copy";

    private UseCounts _uses = new();
    private bool _isLoaded;

    /// <summary>The copy; null when there is none. Right after <see cref="LoadAsync"/>.</summary>
    public PublishedState? State { get; private set; }

    /// <summary>Takes on what is stored, once.</summary>
    public async Task LoadAsync()
    {
        if (_isLoaded)
        {
            return;
        }

        State = await Loader(store, codec).LoadAsync();
        _uses = new UseCounts();
        if (State is not null)
        {
            _uses.Add(State.Index);
        }

        _isLoaded = true;
    }

    /// <summary>Stores another publication in place of the one that there is.</summary>
    /// <param name="next">The manifest, as the hub signed it, and all of its chunks.</param>
    /// <param name="bodies">The sealed bodies that are not stored yet, by name.</param>
    /// <exception cref="HubException">The state store is not the site's any more, or another activation stored one first.</exception>
    public async Task StoreAsync(KeptPublication next, IReadOnlyDictionary<string, byte[]> bodies)
    {
        var head = await catalog.ReadHeadAsync();
        if (site.Check(head.Lineage) is { } objection)
        {
            throw new HubException($"The hub's publication is not stored. {objection.Message}");
        }

        var before = State;
        _uses.Add(next.Index);
        IReadOnlyCollection<string> obsolete = before is null ? [] : _uses.Remove(before.Index);
        var isStored = false;
        try
        {
            isStored = await store.TryPublishAsync(Place, new PublicationWrite
            {
                Previous = before?.Manifest.Id,
                Lineage = head.Lineage!,
                Id = next.Manifest.Id,
                Signed = next.Signed,
                SigningKey = null,
                NewBodies = bodies,
                ObsoleteBodies = obsolete,
                ObsoleteManifests = before is null || before.Manifest.Number == next.Manifest.Number ? [] : [before.Manifest.Number],
            });
        }
        finally
        {
            if (!isStored)
            {
                // What is stored is looked at again: another activation may have been first, or the answer was lost.
                _isLoaded = false;
            }
        }

        if (!isStored)
        {
            throw new HubException("Another silo stored a publication of the hub first; looking again.");
        }

        State = new PublishedState { Kept = [next] };
    }

    /// <summary>Reads what is stored.</summary>
    public static PublicationLoader Loader(IPublicationStore store, ChunkCodec codec) => new(Place, store, codec);
}
