using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Contracts.Rollouts;
using Gateway.Grains.Publications;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Rollouts;

/// <summary>
/// The rollout of one gateway's publications: keeps its record, takes what operators ask for, and acts on what edges say. Used by the publication grain, whose turns it shares.
/// </summary>
internal sealed partial class RolloutKeeper(string gateway, IPublicationStore store, Publisher publisher, FeedTable feeds, TimeProvider time, ILogger logger)
{
    private static readonly GatewayError _storeAway =
        new(ErrorKind.ServiceUnavailable, "The state store cannot be reached, or refuses commands, now. The rollout is as it was. Try again later.");

    private readonly Queue<Asked> _asked = new();
    private Rollout? _rollout;

    /// <summary>True while no further publication may be made.</summary>
    public bool IsFull => publisher.State is { } state && _rollout?.IsFull(state) == true;

    /// <summary>Takes on what is stored.</summary>
    public async Task LoadAsync() => _rollout = await store.RolloutAsync(gateway) is { } kept ? new Rollout(RolloutRecord.FromBytes(kept)) : null;

    /// <summary>What an edge is to run.</summary>
    public KeptPublication DueTo(FeedPosition position, PublishedState state) => _rollout?.For(position, state) ?? state.Kept[0];

    /// <summary>How it stands.</summary>
    public RolloutStanding Describe() => publisher.State is { } state && _rollout is not null
        ? _rollout.Describe(state, feeds.All())
        : new RolloutStanding { Rule = _rollout?.Record.Rule, Promoted = publisher.State?.Manifest.Id, TakenBack = _rollout?.Record.TakenBack };

    /// <summary>Asks for another rule, or for none; done with the next <see cref="SettleAsync"/>.</summary>
    public Task<Result<RolloutStanding>> SetAsync(RolloutRule? rule) =>
        AskAsync(current => rule is null ? null : new RolloutRecord(rule, current, _rollout?.Record.TakenBack));

    /// <summary>Asks that all edges get what is tried; done with the next <see cref="SettleAsync"/>.</summary>
    public Task<Result<RolloutStanding>> PromoteAsync() => AskAsync(current => _rollout?.Record is { } record ? record with { Promoted = current } : null);

    /// <summary>The store is away: what was asked is not done.</summary>
    public void Refuse()
    {
        while (_asked.TryDequeue(out var asked))
        {
            asked.Done.TrySetResult(_storeAway);
        }
    }

    /// <summary>Before anything else is published: what is tried proved itself, is taken back, or is watched on. True when edges have something to get.</summary>
    public async Task<bool> SettleAsync()
    {
        var isNew = _asked.Count > 0;
        while (_asked.TryPeek(out var asked))
        {
            await KeepAsync(asked.Change(publisher.State?.Manifest.Id));
            _asked.Dequeue().Done.TrySetResult(Describe());
        }

        if (publisher.State is not { } state || _rollout is not { Record: var record } rollout)
        {
            return isNew;
        }

        var verdict = rollout.Judge(state, feeds.All(), time.GetUtcNow());
        if (verdict.BackTo is { } number)
        {
            var back = await publisher.RollbackAsync(number);
            if (back.IsSuccess)
            {
                await KeepAsync(record with { Promoted = back.Value, TakenBack = $"Publication {verdict.Reason}." });
                Log.TakenBack(logger, gateway, verdict.Reason!, back.Value);
                return true;
            }

            Log.NotTakenBack(logger, gateway, verdict.Reason!, back.Errors[0].Message);
        }
        else if (verdict.IsPromoted)
        {
            await KeepAsync(record with { Promoted = state.Manifest.Id });
            Log.Promoted(logger, gateway, state.Manifest.Id);
            return true;
        }

        return isNew;
    }

    private Task<Result<RolloutStanding>> AskAsync(Func<PublicationId?, RolloutRecord?> change)
    {
        var asked = new Asked(change);
        _asked.Enqueue(asked);
        return asked.Done.Task;
    }

    private async Task KeepAsync(RolloutRecord? record)
    {
        await store.KeepRolloutAsync(gateway, record?.ToBytes());
        _rollout = record is null ? null : new Rollout(record);
    }

    private sealed record Asked(Func<PublicationId?, RolloutRecord?> Change)
    {
        public TaskCompletionSource<Result<RolloutStanding>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(11, LogLevel.Error, "Gateway {Gateway}: publication {Reason}. What was before is in force again, as {Publication}. The catalog is not changed; its next change is published with all that it holds then.")]
        public static partial void TakenBack(ILogger logger, string gateway, string reason, PublicationId publication);

        [LoggerMessage(12, LogLevel.Information, "Gateway {Gateway}: all edges may run publication {Publication}.")]
        public static partial void Promoted(ILogger logger, string gateway, PublicationId publication);

        [LoggerMessage(13, LogLevel.Error, "Gateway {Gateway}: publication {Reason}, but nothing could be brought back: {Failure}")]
        public static partial void NotTakenBack(ILogger logger, string gateway, string reason, string failure);
    }
}
