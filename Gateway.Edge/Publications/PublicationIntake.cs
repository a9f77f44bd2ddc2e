using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;

namespace Gateway.Edge.Publications;

/// <summary>
/// Takes a publication in: verifies it, fetches what is missing, has the model built and swapped, and has it written to disk.
/// Whatever fails, what was in force stays.
/// </summary>
internal sealed partial class PublicationIntake(
    TrustStore trust, PublicationFloor floor, ChunkCache chunks, IPublicationSink sink, PublicationKeeper keeper, FeedState state,
    PublicationFeedOptions options, ILogger<PublicationIntake> logger, PublicationBackup? backup = null)
{
    private const string NoBackup = "there is no backup that can be used";

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
        if (await FetchAsync(grain, manifest, chunks.MissingHeads(manifest), along, bodies, cancellationToken)
            && await FetchAsync(grain, manifest, chunks.MissingParts(manifest), along, bodies, cancellationToken)
            && await ApplyAsync(offered, manifest, isFromBackup: false, cancellationToken) is { } content)
        {
            floor.Raise(manifest);
            keeper.Keep(offered, content, bodies);
        }
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
            else if (await ApplyAsync(signed, manifest, isFromBackup: true, cancellationToken) is not null)
            {
                return;
            }
        }
    }

    private async Task<bool> FetchAsync(
        IPublicationGrain grain, Manifest manifest, ChunkReference[] missing, Dictionary<string, byte[]> along, Dictionary<string, byte[]> bodies,
        CancellationToken cancellationToken)
    {
        ChunkReference[] lacking = [.. missing.Where(chunk => !along.ContainsKey(chunk.Name))];
        foreach (var chunk in missing.Except(lacking))
        {
            if (!Add(manifest, chunk, along[chunk.Name], bodies))
            {
                return false;
            }
        }

        var found = 0;
        await foreach (var (chunk, body) in ChunkFetcher.FetchAsync(grain, lacking, cancellationToken))
        {
            if (!Add(manifest, chunk, body, bodies))
            {
                return false;
            }

            found++;
        }

        if (found < lacking.Length)
        {
            // A newer publication replaced this one meanwhile; the next poll brings it, unless the silos lost the chunks.
            NoteOvertaken(manifest.Id);
            return false;
        }

        return true;
    }

    private bool Add(Manifest manifest, ChunkReference chunk, byte[] body, Dictionary<string, byte[]> bodies)
    {
        if (chunks.Add(chunk, body) is { } wrong)
        {
            Refuse(manifest.Id, wrong);
            return false;
        }

        bodies[chunk.Name] = body;
        return true;
    }

    private string? Unpack(PublicationBackup from, Manifest manifest) =>
        Unpack(from, chunks.MissingHeads(manifest)) ?? Unpack(from, chunks.MissingParts(manifest));

    private string? Unpack(PublicationBackup from, ChunkReference[] missing) =>
        missing.Select(chunk => from.Body(chunk) is { } body ? chunks.Add(chunk, body) : $"it lacks chunk {chunk.Kind} '{chunk.Id}'").FirstOrDefault(wrong => wrong is not null);

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

    private async Task<PublicationContent?> ApplyAsync(SignedManifest signed, Manifest manifest, bool isFromBackup, CancellationToken cancellationToken)
    {
        var content = chunks.Content(manifest);
        var built = content.IsSuccess ? await BuildAsync(content.Value, cancellationToken) : content.Errors;
        if (!built.IsSuccess)
        {
            Refuse(manifest.Id, built.Errors);
            return null;
        }

        trust.Pin(signed);
        chunks.Applied(content.Value!);
        state.Applied(manifest.Id, isFromBackup);
        Log.Applied(logger, manifest.Id, isFromBackup ? "the backup" : "the silos");
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
