using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Publications.Projection;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications;

/// <summary>
/// Makes the publications of one gateway: reads what changed in the catalog, projects it, stores the publication that follows.
/// Used by one caller at a time; building and encrypting run on the thread pool.
/// </summary>
internal sealed partial class Publisher(
    string gateway, CatalogSource catalog, SiteLineage site, IPublicationStore store, SigningKey signingKey, ChunkCodec codec,
    Func<Projector> makeProjector, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Dictionary<string, byte[]> _plain = new(StringComparer.Ordinal);
    private Projector? _projector;
    private LineageRecord? _lineage;
    private long _version;
    private ManifestSigner? _signer;
    private volatile PublishedState? _state;
    private bool _isLost;
    private bool _isOwed;

    /// <summary>The publication in force; null before the first.</summary>
    public PublishedState? State => _state;

    /// <summary>The bodies of the publication in force, as far as they were needed since this silo took it on.</summary>
    public BodyCache Bodies { get; } = new(gateway, store);

    /// <summary>How many chunks were encoded; a change costs as many as it touched.</summary>
    public long EncodedChunks { get; private set; }

    /// <summary>Takes on what is stored.</summary>
    public async Task LoadAsync()
    {
        var stored = await store.LoadAsync(gateway);
        if (stored.Count > 0)
        {
            SetState(new PublishedState { Signed = stored[0], Kept = [.. stored.Select(Read)] });
        }
    }

    /// <summary>Brings the publication up to the catalog; true when a new one came into force.</summary>
    public async Task<bool> RefreshAsync()
    {
        var head = await catalog.ReadHeadAsync();
        if (IsOfAnotherLife(head) || head.Lineage is null || (IsProjected(head.Lineage, head.Version) && !_isOwed))
        {
            return false;
        }

        if (_projector is null && _state is null && !await catalog.HasGatewayAsync(gateway))
        {
            // Nobody declared this gateway: its edges wait, and the catalog is not read for them.
            return false;
        }

        var isSameLife = _projector is not null && _lineage?.Id == head.Lineage.Id;
        var delta = await catalog.ReadSinceAsync(isSameLife ? _version : null);
        return delta.Lineage is not null && await ProjectAsync(delta, delta.Lineage);
    }

    /// <inheritdoc />
    public void Dispose() => _signer?.Dispose();

    private bool IsProjected(LineageRecord lineage, long version) => _projector is not null && _lineage?.Id == lineage.Id && _version == version;

    private async Task<bool> ProjectAsync(CatalogDelta delta, LineageRecord lineage)
    {
        if (delta.IsFull || _lineage?.Id != lineage.Id)
        {
            _projector = makeProjector();
            _plain.Clear();
        }

        var projector = _projector!;
        var step = await Task.Run(() => projector.Step(delta.Contents));
        (_lineage, _version) = (lineage, delta.Version);
        if (!step.IsSuccess)
        {
            foreach (var error in step.Errors)
            {
                Log.NotProjected(logger, gateway, delta.Version, error.Target, error.Message);
            }

            return false;
        }

        foreach (var chunk in step.Value)
        {
            if (chunk.Plain is not null)
            {
                _plain[chunk.Name] = chunk.Plain;
            }
        }

        try
        {
            var isNew = await PublishAsync(lineage, delta.Version, step.Value);
            _isOwed = false;
            _plain.Clear();
            return isNew;
        }
        catch
        {
            // What this step built is kept for the next try.
            _isOwed = true;
            throw;
        }
    }

    private async Task<bool> PublishAsync(LineageRecord lineage, long version, IReadOnlyList<ProjectedChunk> chunks)
    {
        var before = _state;
        if (before is not null && before.Manifest.Lineage == lineage.Id && IsSame(before.Manifest.Chunks, chunks))
        {
            return false;
        }

        var lengths = before?.Lengths() ?? new Dictionary<string, int>(StringComparer.Ordinal);
        var bodies = await Task.Run(() => Encode(chunks, lengths));
        var manifest = new Manifest
        {
            Lineage = lineage.Id,
            Predecessors = lineage.Predecessors,
            Number = (before?.Manifest.Number ?? 0) + 1,
            Gateway = gateway,
            CatalogVersion = version,
            CreatedAt = time.GetUtcNow(),
            Chunks = [.. chunks.Select(chunk => new ChunkReference(chunk.Part.Kind, chunk.Part.Id, chunk.Name, lengths[chunk.Name]))],
        };
        _signer ??= await signingKey.SignerAsync();
        var (goingManifests, goingBodies) = Retention.Obsolete(before?.Kept ?? [], manifest);
        var write = new PublicationWrite
        {
            Previous = before?.Manifest.Id,
            Lineage = lineage,
            Id = manifest.Id,
            Signed = _signer.Sign(manifest),
            NewBodies = bodies,
            ObsoleteBodies = goingBodies,
            ObsoleteManifests = [.. goingManifests.Select(going => going.Number)],
        };
        if (!await store.TryPublishAsync(gateway, write))
        {
            await FencedAsync();
            return _state?.Manifest.Id != before?.Manifest.Id;
        }

        Bodies.Add(bodies);
        SetState(new PublishedState { Signed = write.Signed, Kept = [manifest, .. (before?.Kept ?? []).Take(Retention.Manifests - 1)] });
        Log.Published(logger, gateway, manifest.Id, version, bodies.Count, manifest.Chunks.Count);
        return true;
    }

    // Another activation stored a publication, or the catalog began another life: start again from what is stored.
    private async Task FencedAsync()
    {
        Log.Fenced(logger, gateway);
        _projector = null;
        await LoadAsync();
    }

    private Dictionary<string, byte[]> Encode(IReadOnlyList<ProjectedChunk> chunks, Dictionary<string, int> lengths)
    {
        var bodies = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var chunk in chunks)
        {
            if (!lengths.ContainsKey(chunk.Name))
            {
                var body = codec.Encode(chunk.Name, _plain[chunk.Name]);
                bodies[chunk.Name] = body;
                lengths[chunk.Name] = body.Length;
                EncodedChunks++;
            }
        }

        return bodies;
    }

    private void SetState(PublishedState state)
    {
        _state = state;
        Bodies.Keep(state.Manifest);
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

    private static bool IsSame(IReadOnlyList<ChunkReference> stored, IReadOnlyList<ProjectedChunk> projected) =>
        stored.Select(chunk => (chunk.Kind, chunk.Id, chunk.Name)).SequenceEqual(projected.Select(chunk => (chunk.Part.Kind, chunk.Part.Id, chunk.Name)));

    private static Manifest Read(SignedManifest signed) =>
        JsonSerializer.Deserialize(signed.Payload, PublicationJson.Default.Manifest) ?? throw new InvalidDataException("A stored manifest is empty.");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Gateway {Gateway}: publication {Publication} of catalog version {Version}, with {New} new of {All} chunks, is in force.")]
        public static partial void Published(ILogger logger, string gateway, PublicationId publication, long version, int @new, int all);

        [LoggerMessage(2, LogLevel.Warning, "Gateway {Gateway}: another silo stored a publication first; starting again from it.")]
        public static partial void Fenced(ILogger logger, string gateway);

        [LoggerMessage(3, LogLevel.Error, "Gateway {Gateway}: catalog version {Version} cannot be published, {Target}: {Reason} The publication before stays in force.")]
        public static partial void NotProjected(ILogger logger, string gateway, long version, string? target, string reason);

        [LoggerMessage(4, LogLevel.Error, "Gateway {Gateway}: the publication in force is served on, but no other is made. {Reason}")]
        public static partial void CatalogGone(ILogger logger, string gateway, string reason);
    }
}
