using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Edge.Peers;

namespace Gateway.Edge.Publications;

/// <summary>
/// Takes a publication in: verifies it, fetches what is missing, has the model built and swapped, and has it written to disk.
/// Whatever fails, what was in force stays.
/// </summary>
internal sealed partial class PublicationIntake(
    TrustStore trust, PublicationFloor floor, ChunkCache chunks, IPublicationSink sink, PublicationKeeper keeper, FeedState state,
    PublicationFeedOptions options, ILogger<PublicationIntake> logger, PublicationBackup? backup = null, PeerShelf? shelf = null)
{
    private const string NoBackup = "there is no backup that can be used";

    private static readonly Dictionary<string, byte[]> NoBodies = [];

    private PublicationId? _overtaken;

    /// <summary>Why there is no start from the backup; null while that was not tried.</summary>
    public string? BackupReason { get; private set; }

    /// <summary>Puts an offered publication in force, or notes why not.</summary>
    /// <exception cref="InvalidDataException">What was offered cannot even be named, or is offered again after it was rejected.</exception>
    public async Task TakeAsync(IPublicationGrain grain, PublicationOffer offer, CancellationToken cancellationToken)
    {
        state.Offered();
        var offered = offer.Signed;
        var verified = trust.Verify(offered);
        LetRequestsPass();
        if (!verified.IsSuccess)
        {
            Refuse(NameOf(offered), verified.Errors);
            return;
        }

        var manifest = verified.Value;
        if (Objection(manifest) is { } objection)
        {
            Refuse(manifest.Id, objection);
            return;
        }

        var along = offer.Bodies.DistinctBy(body => body.Name).ToDictionary(body => body.Name, body => body.Body, StringComparer.Ordinal);
        var bodies = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        switch (await ChunkFetcher.TakeAsync(grain.GetChunks, chunks, manifest, along, bodies, cancellationToken))
        {
            case null:
                await TakeWholeAsync(offered, manifest, bodies, null, cancellationToken);
                break;
            case ChunkFetcher.Gone:
                // A newer publication replaced this one meanwhile; the next poll brings it, unless the silos lost the chunks.
                NoteOvertaken(manifest.Id);
                break;
            case var wrong:
                Refuse(manifest.Id, wrong);
                break;
        }
    }

    /// <summary>The manifest of what somebody else than a silo has, when it may be taken.</summary>
    public Result<Manifest> Verify(SignedManifest signed)
    {
        var verified = trust.Verify(signed);
        return verified.IsSuccess && Objection(verified.Value) is { } objection ? new GatewayError(ErrorKind.ValidationError, objection) : verified;
    }

    /// <summary>Puts a verified publication of a peer in force. Null when it is, else why not: that tells nothing of what silos will offer under the same name.</summary>
    public async Task<string?> TakePeerAsync(ChunkSource source, SignedManifest signed, Manifest manifest, CancellationToken cancellationToken)
    {
        var bodies = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var isWhole = false;
        try
        {
            if (await ChunkFetcher.TakeAsync(source, chunks, manifest, NoBodies, bodies, cancellationToken) is { } wrong)
            {
                return wrong;
            }

            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                // The next peer, or the silos, begin anew.
                chunks.Forget();
            }
        }

        return await TakeWholeAsync(signed, manifest, bodies, "a peer", cancellationToken) ? null : state.Rejected?.Reason;
    }

    /// <summary>Starts from the newest backup that can be read; nothing happens when there is none.</summary>
    public async Task TakeBackupAsync(CancellationToken cancellationToken)
    {
        if (BackupReason is not null)
        {
            return;
        }

        BackupReason = backup is null ? "no backup is kept (Gateway:Backup:Enabled)" : NoBackup;
        foreach (var (manifest, signed) in backup?.Read(VerifyBackup) ?? [])
        {
            if (Unpack(backup!, manifest) is { } wrong)
            {
                chunks.Forget();
                RefuseBackup(manifest.Id, wrong);
            }
            else if (await ApplyAsync(signed, manifest, NoBodies, "the backup", cancellationToken) is not null)
            {
                return;
            }
        }
    }

    private async Task<bool> TakeWholeAsync(
        SignedManifest signed, Manifest manifest, Dictionary<string, byte[]> bodies, string? unconfirmed, CancellationToken cancellationToken)
    {
        if (await ApplyAsync(signed, manifest, bodies, unconfirmed, cancellationToken) is not { } content)
        {
            return false;
        }

        floor.Raise(manifest);
        keeper.Keep(signed, content, bodies);
        return true;
    }

    private string? Unpack(PublicationBackup from, Manifest manifest) =>
        Unpack(from, chunks.MissingHeads(manifest)) ?? Unpack(from, chunks.MissingParts(manifest));

    private string? Unpack(PublicationBackup from, ChunkReference[] missing) =>
        missing.Chunk(ChunkFetcher.MaximumChunks).Select(some => UnpackSome(from, some)).FirstOrDefault(wrong => wrong is not null);

    private string? UnpackSome(PublicationBackup from, ChunkReference[] missing)
    {
        // The edge serves nothing yet: all its processors read.
        byte[]?[] bodies = [.. missing.AsParallel().AsOrdered().Select(from.Body)];
        var whole = Array.FindIndex(bodies, body => body is null) is >= 0 and var lost ? lost : bodies.Length;
        return chunks.Add([.. missing.Take(whole).Zip(bodies, (chunk, body) => (chunk, body!))])
            ?? (whole < missing.Length ? $"it lacks chunk {missing[whole].Kind} '{missing[whole].Id}'" : null);
    }

    private string? Objection(Manifest manifest) =>
        manifest.Gateway != options.Gateway ? $"the publication is for gateway '{manifest.Gateway}', this edge serves '{options.Gateway}'"
            : chunks.Objection(manifest) ?? floor.Objection(manifest, state.Running);

    private Manifest? VerifyBackup(SignedManifest signed)
    {
        var verified = trust.Verify(signed, isOwnCopy: true);
        var reason = !verified.IsSuccess ? verified.Errors[0].Message
            : verified.Value.Gateway != options.Gateway ? $"it is for gateway '{verified.Value.Gateway}'"
            : chunks.Objection(verified.Value) ?? floor.BelowMinimum(verified.Value);
        if (reason is null)
        {
            return verified.Value;
        }

        RefuseBackup(verified.Value?.Id, reason);
        return null;
    }

    private void RefuseBackup(PublicationId? id, string reason)
    {
        Log.BackupRefused(logger, id, reason);
        if (BackupReason == NoBackup)
        {
            BackupReason = $"{NoBackup}: {reason}";
        }
    }

    private async Task<PublicationContent?> ApplyAsync(
        SignedManifest signed, Manifest manifest, IReadOnlyDictionary<string, byte[]> bodies, string? unconfirmed, CancellationToken cancellationToken)
    {
        LetRequestsPass();
        var content = chunks.Content(manifest);
        LetRequestsPass();
        var built = content.IsSuccess ? await BuildAsync(content.Value, cancellationToken) : content.Errors;
        if (!built.IsSuccess)
        {
            Refuse(manifest.Id, built.Errors);
            return null;
        }

        LetRequestsPass();
        trust.Pin(signed);
        chunks.Applied(content.Value!);
        shelf?.Put(signed, content.Value!, bodies);
        state.Applied(manifest.Id, unconfirmed);
        Log.Applied(logger, manifest.Id, unconfirmed ?? "the silos");
        return content.Value;
    }

    private async Task<Result<PublicationId>> BuildAsync(PublicationContent content, CancellationToken cancellationToken)
    {
        try
        {
            return await sink.ApplyAsync(content, cancellationToken);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // A model that cannot be built must not end the feed: the next publication may be fine.
            Log.NotBuilt(logger, bug, content.Manifest.Id);
            return new GatewayError(ErrorKind.ValidationError, $"building the model failed with {bug.GetType().Name}");
        }
    }

    // Nobody waits for a publication as a client waits for an answer: on a busy machine each step would keep a processor from requests for as long as the system lets a thread run.
    private static void LetRequestsPass() => Thread.Yield();

    private void Refuse(PublicationId? id, IEnumerable<GatewayError> errors) => Refuse(id, string.Join("; ", errors.Take(5).Select(error => error.Message.TrimEnd('.'))));

    private void Refuse(PublicationId? id, string reason)
    {
        chunks.Forget();
        if (id is not { } name || state.Rejected?.Id == name)
        {
            state.Waits(reason);
            throw new InvalidDataException($"The silos offer a publication that this edge cannot take: {reason}");
        }

        state.Refused(name, reason);
        Log.Refused(logger, name, reason, state.Running);
    }

    private void NoteOvertaken(PublicationId id)
    {
        Log.Overtaken(logger, id);
        if (_overtaken == id)
        {
            state.Waits($"the silos have lost chunks of publication {id}");
            throw new InvalidDataException($"The silos offer publication {id} again, but not all of its chunks.");
        }

        _overtaken = id;
    }

    // Only to tell the silos what is not wanted: nothing else is believed of it.
    private static PublicationId? NameOf(SignedManifest unverified)
    {
        try
        {
            return JsonSerializer.Deserialize(unverified.Payload, PublicationJson.Default.Manifest)?.Id;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Publication {Publication} from {Source} is in force.")]
        public static partial void Applied(ILogger logger, PublicationId publication, string source);

        [LoggerMessage(2, LogLevel.Error, "Publication {Publication} is rejected: {Reason}. {Running} stays in force.")]
        public static partial void Refused(ILogger logger, PublicationId publication, string reason, PublicationId? running);

        [LoggerMessage(3, LogLevel.Debug, "Publication {Publication} was replaced while its chunks were fetched.")]
        public static partial void Overtaken(ILogger logger, PublicationId publication);

        [LoggerMessage(4, LogLevel.Error, "The model of publication {Publication} could not be built.")]
        public static partial void NotBuilt(ILogger logger, Exception bug, PublicationId publication);

        [LoggerMessage(5, LogLevel.Warning, "The backup of publication {Publication} is not used: {Reason}")]
        public static partial void BackupRefused(ILogger logger, PublicationId? publication, string reason);
    }
}
