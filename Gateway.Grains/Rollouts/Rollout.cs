using System.Globalization;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Rollouts;
using Gateway.Grains.Publications;

namespace Gateway.Grains.Rollouts;

/// <summary>
/// Which of a gateway's edges get a new publication before the others, and what becomes of it: edges with the label of the rule get it at once, all others when it has proved itself.
/// One that brings back an earlier one, or begins another life of the catalog, goes to all at once. Holds no clock and writes nothing.
/// </summary>
/// <param name="record">The rule, and up to which publication all edges may go.</param>
internal sealed class Rollout(RolloutRecord record)
{
    private static readonly TimeSpan _live = TimeSpan.FromSeconds(10);

    /// <summary>The rule and its state.</summary>
    public RolloutRecord Record => record;

    /// <summary>The publication that edges without the label may run while the newest is tried; null when the newest is for all.</summary>
    public KeptPublication? Held(PublishedState state) =>
        state.Manifest.RollbackOf is null && record.Promoted is { } promoted && promoted != state.Manifest.Id && promoted.Lineage == state.Manifest.Id.Lineage
            ? state.Kept.FirstOrDefault(kept => kept.Manifest.Id == promoted)
            : null;

    /// <summary>True while no further publication may be made, because the one to go back to would be dropped for it.</summary>
    public bool IsFull(PublishedState state) => Held(state) is { } held && state.Manifest.Number - held.Manifest.Number >= Retention.Manifests - 1;

    /// <summary>What an edge is to run.</summary>
    public KeptPublication For(FeedPosition position, PublishedState state)
    {
        var newest = state.Kept[0];
        return Held(state) is not { } held || IsTrying(position) || IsAhead(position.Running, held.Manifest.Id) ? newest : held;
    }

    /// <summary>What is to be done about the publication that is tried.</summary>
    /// <param name="state">What is published.</param>
    /// <param name="feeds">What edges said last.</param>
    /// <param name="now">The time.</param>
    public Verdict Judge(PublishedState state, IEnumerable<FeedStatus> feeds, DateTimeOffset now)
    {
        if (Held(state) is not { } held)
        {
            return record.Promoted == state.Manifest.Id ? Verdict.Wait : Verdict.Promote;
        }

        var (staged, rule) = (state.Manifest.Id, record.Rule);
        FeedStatus[] trying = [.. feeds.Where(feed => now - feed.LastPoll < _live && IsTrying(feed.Position))];
        if (trying.FirstOrDefault(feed => feed.Position.Rejected == staged) is { Position: var position })
        {
            return Verdict.TakeBack(held.Manifest.Number, $"{staged} was taken back: edge {position.Node} could not put it in force, {position.RejectedBecause}");
        }

        FeedStatus[] running = [.. trying.Where(feed => feed.Position.Running == staged)];
        var (requests, errors) = (running.Sum(feed => feed.Position.Requests), running.Sum(feed => feed.Position.Errors));
        if (requests >= rule.MinimumRequests && errors > rule.MaximumErrorRate * requests)
        {
            return Verdict.TakeBack(held.Manifest.Number, string.Create(
                CultureInfo.InvariantCulture,
                $"{staged} was taken back: {errors} of {requests} answers were 500 or above, {rule.MaximumErrorRate * 100:0.##} % are allowed"));
        }

        return running.Length > 0 && now - running.Min(feed => feed.RunningSince) >= rule.Watch ? Verdict.Promote : Verdict.Wait;
    }

    /// <summary>For people.</summary>
    public RolloutStanding Describe(PublishedState state, IEnumerable<FeedStatus> feeds)
    {
        var held = Held(state);
        FeedStatus[] running = held is null ? [] : [.. feeds.Where(feed => IsTrying(feed.Position) && feed.Position.Running == state.Manifest.Id)];
        return new RolloutStanding
        {
            Rule = record.Rule,
            Promoted = held?.Manifest.Id ?? state.Manifest.Id,
            Staged = held is null ? null : state.Manifest.Id,
            Nodes = [.. running.Select(feed => feed.Position.Node)],
            Requests = running.Sum(feed => feed.Position.Requests),
            Errors = running.Sum(feed => feed.Position.Errors),
            TakenBack = record.TakenBack,
        };
    }

    private bool IsTrying(FeedPosition position) => position.Labels.GetValueOrDefault(record.Rule.Label) == record.Rule.Value;

    // An edge that lost its label keeps what it has: it may not go back.
    private static bool IsAhead(PublicationId? running, PublicationId held) => running is { } there && there.Lineage == held.Lineage && there.Number > held.Number;
}
