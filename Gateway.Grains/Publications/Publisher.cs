using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Publications.Projection;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications;

/// <summary>
/// Makes the publications of one gateway: reads what changed in the catalog, projects it, stores the publication that follows.
/// Used by one caller at a time; building and encrypting run on the thread pool.
/// </summary>
internal sealed partial class Publisher(
    string gateway, CatalogSource catalog, SiteLineage site, IPublicationStore store, SigningKey signingKey, ChunkCodec codec,
    Func<Projector> makeProjector, AbiDemand abis, PublicationFaults faults, TimeProvider time, ILogger logger) : IDisposable
{
    private const int Attempts = 3;

    private readonly PendingParts _pending = new(codec);
    private readonly PublicationLoader _loader = new(gateway, store, codec);
    private UseCounts _kept = new();
    private Projector? _projector;
    private LineageRecord? _lineage;
    private long _version;
    private IReadOnlyList<int> _abis = [];
    private KeptSigner? _signer;
    private volatile PublishedState? _state;
    private bool _isLost;
    private bool _isFenced;

    /// <summary>The publication in force; null before the first.</summary>
    public PublishedState? State => _state;

    /// <summary>The bodies of the publication in force, as far as they were needed since this silo took it on.</summary>
    public BodyCache Bodies { get; } = new(gateway, store);

    /// <summary>Notes what an edge speaks; true when the publication in force suits it, or no other can be made that would.</summary>
    public bool Suits(IReadOnlyCollection<int> spokenAbis)
    {
        var given = abis.Note(spokenAbis);
        return _state is not { Manifest.ExpressionAbis: { Count: > 0 } there } || there.Any(spokenAbis.Contains) || given is not { } abi || _abis.Contains(abi);
    }

    /// <summary>What an edge gets that is to take the publication in force; null before the first.</summary>
    public PublicationOffer? OfferFor(FeedPosition position)
    {
        if (_state is not { } state)
        {
            return null;
        }

        var offer = new PublicationOffer(state.Signed);
        return state.Kept.FirstOrDefault(kept => kept.Manifest.Id == position.Running) is { } running
            ? offer with { Bodies = BodiesNotIn(running.Index, state, position.ExpressionAbis) }
            : offer;
    }

    private ChunkBody[] BodiesNotIn(PartIndex running, PublishedState state, int[] spokenAbis)
    {
        var abi = spokenAbis.FirstOrDefault(state.Manifest.ExpressionAbis.Contains);
        var bodies = new List<ChunkBody>();
        var left = PublicationOffer.MaximumBodies;
        foreach (var chunk in state.Index.ChunksNotIn(running).Where(chunk => chunk.Kind != ChunkKind.Program || ProgramChunk.AbiOf(chunk.Id) == abi))
        {
            left -= chunk.Length;
            if (left < 0)
            {
                return [];
            }

            if (Bodies.Find(chunk.Name) is { } body)
            {
                bodies.Add(new ChunkBody(chunk.Name, body));
            }
        }

        return [.. bodies];
    }

    /// <summary>How many bodies were encoded, pages of the index included; a change costs as many as it touched.</summary>
    public long EncodedChunks => _pending.Encoded;

    /// <summary>Takes on what is stored.</summary>
    public async Task LoadAsync()
    {
        if (await _loader.LoadAsync() is { } stored)
        {
            _kept = new UseCounts();
            foreach (var kept in stored.Kept)
            {
                _kept.Add(kept.Index);
            }

            abis.Remember(stored.Manifest.ExpressionAbis);
            SetState(stored);
        }
    }

    /// <summary>Brings the publication up to the catalog; true when a new one came into force.</summary>
    public async Task<bool> RefreshAsync()
    {
        var before = _state;
        var attempt = 0;
        do
        {
            // What another activation stored may lack the newest change.
            _isFenced = false;
            await TryRefreshAsync();
        }
        while (_isFenced && ++attempt < Attempts);

        return _state?.Manifest.Id != before?.Manifest.Id;
    }


    /// <inheritdoc />
    public void Dispose()
    {
        faults.Clear(gateway);
        _signer?.Signer.Dispose();
    }

    private async Task TryRefreshAsync()
    {
        var head = await catalog.ReadHeadAsync();
        if (IsOfAnotherLife(head) || head.Lineage is null || (IsProjected(head.Lineage, head.Version) && !_pending.IsOwed))
        {
            return;
        }

        if (_projector is null && _state is null && !await catalog.HasGatewayAsync(gateway))
        {
            // Nobody declared this gateway: its edges wait, and the catalog is not read for them.
            return;
        }

        var isSameLife = _projector is not null && _lineage?.Id == head.Lineage.Id;
        var delta = await catalog.ReadSinceAsync(isSameLife ? _version : null);
        if (delta.Lineage is not null)
        {
            await ProjectAsync(delta, delta.Lineage);
        }
    }

    private bool IsProjected(LineageRecord lineage, long version) =>
        _projector is not null && _lineage?.Id == lineage.Id && _version == version && _abis.SequenceEqual(abis.Wanted);

    private async Task ProjectAsync(CatalogDelta delta, LineageRecord lineage)
    {
        if (delta.IsFull || _lineage?.Id != lineage.Id)
        {
            _projector = makeProjector();
            _pending.StartAnew();
        }

        var projector = _projector!;
        var wanted = abis.Wanted;
        var step = await Task.Run(() => projector.StepAsync(delta.Contents, wanted));
        (_lineage, _version, _abis) = (lineage, delta.Version, wanted);
        if (!step.IsSuccess)
        {
            var first = step.Errors[0];
            faults.Set(gateway, $"Gateway '{gateway}': catalog version {delta.Version} is not published, the publication before stays in force. {first.Target}: {first.Message.TrimEnd('.')}.");
            foreach (var error in step.Errors)
            {
                Log.NotProjected(logger, gateway, delta.Version, error.Target, error.Message);
            }

            return;
        }

        faults.Clear(gateway);

        // What is pending stays so until it is published: a store that fails meanwhile is tried again.
        var before = _state;
        var next = await Task.Run(() => _pending.Merge(step.Value, before?.Index ?? PartIndex.Empty));
        _signer ??= await signingKey.SignerAsync();
        if (before is not null && before.Manifest.Lineage == lineage.Id && before.Signed.PublicKey.AsSpan().SequenceEqual(_signer.Signer.PublicKey) && next.Index is null)
        {
            _pending.Published();
            return;
        }

        await PublishAsync(lineage, delta.Version, next, projector.Abis, _signer);
    }

    private async Task PublishAsync(LineageRecord lineage, long version, MergedParts next, IReadOnlyList<int> expressionAbis, KeptSigner signer)
    {
        var before = _state;
        var index = next.Index ?? before?.Index ?? PartIndex.Empty;
        var manifest = new Manifest
        {
            Lineage = lineage.Id,
            Predecessors = lineage.Predecessors,
            Number = (before?.Manifest.Number ?? 0) + 1,
            Gateway = gateway,
            CatalogVersion = version,
            CreatedAt = time.GetUtcNow(),
            ExpressionAbis = expressionAbis,
            Chunks = index.Heads,
        };
        KeptPublication[] kept = [new(manifest, index), .. before?.Kept ?? []];
        _kept.Add(index);
        var obsolete = kept.Skip(Retention.Manifests).SelectMany(going => _kept.Remove(going.Index)).ToList();
        var write = new PublicationWrite
        {
            Previous = before?.Manifest.Id,
            Lineage = lineage,
            Id = manifest.Id,
            Signed = signer.Signer.Sign(manifest),
            SigningKey = signer.Kept,
            NewBodies = next.Bodies,
            ObsoleteBodies = obsolete,
            ObsoleteManifests = [.. kept.Skip(Retention.Manifests).Select(going => going.Manifest.Number)],
        };
        var isStored = false;
        try
        {
            isStored = await store.TryPublishAsync(gateway, write);
        }
        finally
        {
            if (!isStored)
            {
                Uncount(kept);
            }
        }

        if (!isStored)
        {
            await FencedAsync();
            return;
        }

        _pending.Published();
        Bodies.Add(next.Bodies);
        SetState(new PublishedState { Signed = write.Signed, Kept = [.. kept.Take(Retention.Manifests)] });
        Log.Published(logger, gateway, manifest.Id, version, next.Bodies.Count);
    }

    private void Uncount(KeptPublication[] kept)
    {
        foreach (var stays in kept.Skip(Retention.Manifests))
        {
            _kept.Add(stays.Index);
        }

        _kept.Remove(kept[0].Index);
    }

    // Another activation stored a publication, another key signs, or the catalog began another life: start again from what is stored.
    private async Task FencedAsync()
    {
        Log.Fenced(logger, gateway);
        _projector = null;
        _isFenced = true;
        _signer?.Signer.Dispose();
        _signer = null;
        await LoadAsync();
    }

    private void SetState(PublishedState state)
    {
        _state = state;
        Bodies.Keep(state.Index);
    }

    // A store that was flushed or replaced: what is in force is served on, nothing is written.
    private bool IsOfAnotherLife(CatalogHead head)
    {
        var objection = site.Check(head.Lineage);
        if (objection is not null && !_isLost)
        {
            Log.CatalogGone(logger, gateway, objection.Message);
        }

        _isLost = objection is not null;
        return _isLost;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Gateway {Gateway}: publication {Publication} of catalog version {Version}, with {New} new chunks, is in force.")]
        public static partial void Published(ILogger logger, string gateway, PublicationId publication, long version, int @new);

        [LoggerMessage(2, LogLevel.Warning, "Gateway {Gateway}: another silo stored a publication, or another signing key, first; starting again from it.")]
        public static partial void Fenced(ILogger logger, string gateway);

        [LoggerMessage(3, LogLevel.Error, "Gateway {Gateway}: catalog version {Version} cannot be published, {Target}: {Reason} The publication before stays in force.")]
        public static partial void NotProjected(ILogger logger, string gateway, long version, string? target, string reason);

        [LoggerMessage(4, LogLevel.Error, "Gateway {Gateway}: the publication in force is served on, but no other is made. {Reason}")]
        public static partial void CatalogGone(ILogger logger, string gateway, string reason);
    }
}
