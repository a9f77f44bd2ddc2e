using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Publications.Programs;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications;

/// <summary>
/// Makes the publications of one gateway: takes the parts that changed from their source, stores the publication that follows.
/// Used by one caller at a time; building and encrypting run on the thread pool.
/// </summary>
/// <param name="place">The name under which they are stored: the gateway's id, unless they are made for other silos.</param>
/// <param name="gateway">The gateway that they are for.</param>
/// <param name="source">Gives the parts.</param>
/// <param name="site">Tells a flushed or foreign store from the right one.</param>
/// <param name="store">Keeps them.</param>
/// <param name="signingKey">Signs them.</param>
/// <param name="codec">Names and seals their chunks.</param>
/// <param name="abis">What edges ask for.</param>
/// <param name="faults">Told what cannot be published.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Publisher(
    string place, string gateway, IPartSource source, SiteLineage site, IPublicationStore store, SigningKey signingKey, ChunkCodec codec,
    AbiDemand abis, PublicationFaults faults, TimeProvider time, ILogger logger) : IDisposable
{
    private const int Attempts = 3;

    private static readonly Dictionary<string, byte[]> NoBodies = [];

    private readonly PendingParts _pending = new(codec);
    private readonly PublicationLoader _loader = new(place, store, codec);
    private UseCounts _kept = new();
    private SourceHead? _given;
    private IReadOnlyList<int> _abis = [];
    private KeptSigner? _signer;
    private volatile PublishedState? _state;
    private bool _isLost;
    private bool _isFenced;

    /// <summary>The publication in force; null before the first.</summary>
    public PublishedState? State => _state;

    /// <summary>The catalog version up to which everything is in force.</summary>
    public long PublishedVersion { get; private set; }

    /// <summary>The bodies of the publication in force, as far as they were needed since this silo took it on.</summary>
    public BodyCache Bodies { get; } = new(place, store);

    /// <summary>Notes what an edge speaks; true when the publication in force suits it, or no other can be made that would.</summary>
    public bool Suits(IReadOnlyCollection<int> spokenAbis)
    {
        var given = abis.Note(spokenAbis);
        return _state is not { Manifest.ExpressionAbis: { Count: > 0 } there } || there.Any(spokenAbis.Contains) || given is not { } abi || _abis.Contains(abi);
    }

    /// <summary>What an edge gets that is to take a publication.</summary>
    /// <param name="position">Where the edge stands.</param>
    /// <param name="next">The publication, which is kept.</param>
    public PublicationOffer OfferFor(FeedPosition position, KeptPublication next)
    {
        var offer = new PublicationOffer(next.Signed);
        return _state?.Kept.FirstOrDefault(kept => kept.Manifest.Id == position.Running) is { } running
            ? offer with { Bodies = BodiesNotIn(running.Index, next, position.ExpressionAbis) }
            : offer;
    }

    private ChunkBody[] BodiesNotIn(PartIndex running, KeptPublication next, int[] spokenAbis)
    {
        var abi = spokenAbis.FirstOrDefault(next.Manifest.ExpressionAbis.Contains);
        var bodies = new List<ChunkBody>();
        var left = PublicationOffer.MaximumBodies;
        foreach (var chunk in next.Index.ChunksNotIn(running).Where(chunk => chunk.Kind != ChunkKind.Program || ProgramChunk.AbiOf(chunk.Id) == abi))
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
        var stored = await _loader.LoadAsync();
        _kept = new UseCounts();
        if (stored is null)
        {
            // Never published, or the store was flushed and only the catalog restored: what follows is stored whole.
            _state = null;
        }
        else
        {
            foreach (var kept in stored.Kept)
            {
                _kept.Add(kept.Index);
            }

            abis.Remember(stored.Manifest.ExpressionAbis);
            PublishedVersion = stored.Manifest is { RollbackOf: null, CatalogVersion: var version } ? version : 0;
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

    /// <summary>Publishes again what an earlier publication held. The catalog stays put aside until it changes.</summary>
    public async Task<Result<PublicationId>> RollbackAsync(long number)
    {
        var head = await source.ReadHeadAsync();
        if (site.Check(head.Lineage) is { } unusable)
        {
            return unusable;
        }

        if (_state?.Kept.FirstOrDefault(kept => kept.Manifest.Number == number) is not { Manifest.Schema: Manifest.CurrentSchema } wanted)
        {
            return new GatewayError(ErrorKind.ResourceNotFound, $"Publication {number} of gateway '{gateway}' is not kept, or is of an older schema.");
        }

        if (wanted.Manifest.Id == _state.Manifest.Id)
        {
            return new GatewayError(ErrorKind.Conflict, $"Publication {number} of gateway '{gateway}' is in force.");
        }

        _signer ??= await signingKey.SignerAsync();

        // What is projected is no longer what is published: the next change projects everything.
        source.StartAnew();
        var before = _state.Manifest.Id;
        if (!await PublishAsync(head with { Origin = wanted.Manifest.Origin }, new MergedParts(wanted.Index, NoBodies), wanted.Manifest.ExpressionAbis, _signer, number))
        {
            return new GatewayError(ErrorKind.ServiceUnavailable, "Another silo published at the same time; nothing was rolled back. Try again.");
        }

        PublishedVersion = wanted.Manifest.CatalogVersion;
        Log.RolledBack(logger, gateway, before, wanted.Manifest.Id, _state.Manifest.Id);
        return _state.Manifest.Id;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        faults.Clear(place);
        _signer?.Signer.Dispose();
    }

    private async Task TryRefreshAsync()
    {
        var head = await source.ReadHeadAsync();
        if (IsOfAnotherLife(head.Lineage) || head.Lineage is null || IsPutAside(head) || (IsProjected(head) && !_pending.IsOwed))
        {
            return;
        }

        if (!source.IsBegun && _state is null && !await source.IsDeclaredAsync())
        {
            // Nobody declared this gateway: its edges wait, and the catalog is not read for them.
            return;
        }

        var wanted = abis.Wanted;
        if (await source.StepAsync(head, wanted) is { } step)
        {
            (_given, _abis) = (step.Head, wanted);
            await ProjectAsync(step);
        }
    }

    // Also after this silo is gone: what was rolled back stays so until the catalog changes.
    private bool IsPutAside(SourceHead head) =>
        _state?.Manifest is { RollbackOf: not null } manifest && manifest.Lineage == head.Lineage!.Id && head.Version <= manifest.CatalogVersion;

    private bool IsProjected(SourceHead head) => source.IsBegun && head.IsSame(_given) && _abis.SequenceEqual(abis.Wanted);

    private async Task ProjectAsync(SourceStep step)
    {
        var (lineage, version) = (step.Head.Lineage!, step.Head.Version);
        if (step.IsAll)
        {
            _pending.StartAnew();
        }

        if (!step.Parts.IsSuccess)
        {
            var first = step.Parts.Errors[0];
            var what = step.Head.Origin is { } origin ? $"publication {origin} of the hub" : $"catalog version {version}";
            faults.Set(place, $"Gateway '{place}': {what} is not published, the publication before stays in force. {first.Target}: {first.Message.TrimEnd('.')}.");
            foreach (var error in step.Parts.Errors)
            {
                Log.NotProjected(logger, place, what, error.Target, error.Message);
            }

            return;
        }

        faults.Clear(place);

        // What is pending stays so until it is published: a store that fails meanwhile is tried again.
        var before = _state;
        var next = await Task.Run(() => _pending.Merge(step.Parts.Value, before?.Index ?? PartIndex.Empty));
        _signer ??= await signingKey.SignerAsync();
        if (before is not null && before.Manifest.Lineage == lineage.Id && before.Manifest.Origin == step.Head.Origin
            && before.Signed.PublicKey.AsSpan().SequenceEqual(_signer.Signer.PublicKey) && next.Index is null)
        {
            _pending.Published();
            PublishedVersion = version;
            return;
        }

        await PublishAsync(step.Head, next, source.Abis, _signer);
    }

    private async Task<bool> PublishAsync(SourceHead head, MergedParts next, IReadOnlyList<int> expressionAbis, KeptSigner signer, long? rollbackOf = null)
    {
        var (lineage, before) = (head.Lineage!, _state);
        var index = next.Index ?? before?.Index ?? PartIndex.Empty;
        var manifest = new Manifest
        {
            Lineage = lineage.Id,
            Predecessors = lineage.Predecessors,
            Number = (before?.Manifest.Number ?? 0) + 1,
            Gateway = gateway,
            CatalogVersion = head.Version,
            Origin = head.Origin,
            CreatedAt = time.GetUtcNow(),
            ExpressionAbis = expressionAbis,
            RollbackOf = rollbackOf,
            Chunks = index.Heads,
        };
        var signed = signer.Signer.Sign(manifest);
        KeptPublication[] kept = [new(signed, manifest, index), .. before?.Kept ?? []];
        _kept.Add(index);
        var obsolete = kept.Skip(Retention.Manifests).SelectMany(going => _kept.Remove(going.Index)).ToList();
        var write = new PublicationWrite
        {
            Previous = before?.Manifest.Id,
            Lineage = lineage,
            Id = manifest.Id,
            Signed = signed,
            SigningKey = signer.Kept,
            NewBodies = next.Bodies,
            ObsoleteBodies = obsolete,
            ObsoleteManifests = [.. kept.Skip(Retention.Manifests).Select(going => going.Manifest.Number)],
        };
        var isStored = false;
        try
        {
            isStored = await store.TryPublishAsync(place, write);
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
            return false;
        }

        _pending.Published();
        PublishedVersion = rollbackOf is null ? head.Version : PublishedVersion;
        Bodies.Add(next.Bodies);
        SetState(new PublishedState { Kept = [.. kept.Take(Retention.Manifests)] });
        Log.Published(logger, place, manifest.Id, head.Version, next.Bodies.Count);
        return true;
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
        Log.Fenced(logger, place);
        source.StartAnew();
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
    private bool IsOfAnotherLife(LineageRecord? lineage)
    {
        var objection = site.Check(lineage);
        if (objection is not null && !_isLost)
        {
            Log.CatalogGone(logger, place, objection.Message);
        }

        _isLost = objection is not null;
        return _isLost;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Gateway {Gateway}: publication {Publication} of catalog version {Version}, with {New} new chunks, is in force.")]
        public static partial void Published(ILogger logger, string gateway, PublicationId publication, long version, int @new);

        [LoggerMessage(5, LogLevel.Warning, "Gateway {Gateway}: rolled back from publication {Before} to what {Wanted} held, as {Publication}. The catalog is not changed; its next change is published with all that it holds then.")]
        public static partial void RolledBack(ILogger logger, string gateway, PublicationId before, PublicationId wanted, PublicationId publication);

        [LoggerMessage(2, LogLevel.Warning, "Gateway {Gateway}: another silo stored a publication, or another signing key, first; starting again from it.")]
        public static partial void Fenced(ILogger logger, string gateway);

        [LoggerMessage(3, LogLevel.Error, "Gateway {Gateway}: {What} cannot be published, {Target}: {Reason} The publication before stays in force.")]
        public static partial void NotProjected(ILogger logger, string gateway, string what, string? target, string reason);

        [LoggerMessage(4, LogLevel.Error, "Gateway {Gateway}: the publication in force is served on, but no other is made. {Reason}")]
        public static partial void CatalogGone(ILogger logger, string gateway, string reason);
    }
}
