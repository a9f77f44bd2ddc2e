using Gateway.Contracts.Publications;
using Gateway.Contracts.Rollouts;
using Gateway.Grains.Tests.Publications;
using Orleans.Core.Internal;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Rollouts;

/// <summary>Publications that edges with the label <c>ring=canary</c> try before the others.</summary>
public sealed class RolloutGrainTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> _canary = new() { ["ring"] = "canary" };

    private PublicationCluster _site = null!;

    private IPublicationGrain Grain => _site.Publications();

    public async Task InitializeAsync() => _site = await PublicationCluster.StartAsync(TimeSpan.FromMilliseconds(50));

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Publication_IsOfferedToTheShareOnly_AndToAllWhenItWasWatchedLongEnough()
    {
        var before = (await _site.CurrentAsync()).Id;
        await SetAsync(Rule with { Watch = TimeSpan.FromSeconds(1) });
        await _site.CommitAsync(Api("a"));

        var staged = await _site.NextAsync(new FeedPosition { Node = "canary", Running = before, Labels = _canary });
        Assert.Equal(before.Number + 1, staged.Number);
        Assert.Null(await PollAsync("other", before));
        Assert.Equal(before, (await OfferAsync("fresh", null))!.Id);
        var standing = await Grain.Rollout(CancellationToken.None);
        Assert.Equal((before, staged.Id), (standing.Promoted, standing.Staged));

        var promoted = await UntilAsync(standing => standing.Staged is null, staged.Id);
        Assert.Equal(staged.Id, promoted.Promoted);
        Assert.Equal(staged.Id, (await OfferAsync("other", before))!.Id);
    }

    [Fact]
    public async Task Publication_UnderWhichTheShareFails_IsTakenBackByItself_AndTheNextChangeIsTriedAgain()
    {
        var before = await _site.CurrentAsync();
        await SetAsync(Rule);
        await _site.CommitAsync(Api("a"));
        var staged = await _site.NextAsync(new FeedPosition { Node = "canary", Running = before.Id, Labels = _canary });

        // Few answers, and few errors among many, are no reason.
        await PollAsync("canary", staged.Id, requests: 9, errors: 9);
        await PollAsync("canary", staged.Id, requests: 100, errors: 10);
        await SettledAsync();
        Assert.Equal(staged.Id, (await Grain.Rollout(CancellationToken.None)).Staged);

        await PollAsync("canary", staged.Id, requests: 100, errors: 11);
        var standing = await UntilAsync(standing => standing.TakenBack is not null, null);

        Assert.Equal($"Publication {staged.Id} was taken back: 11 of 100 answers were 500 or above, 10 % are allowed.", standing.TakenBack);
        var back = (await OfferAsync("canary", staged.Id, _canary))!;
        Assert.Equal((staged.Number + 1, before.Number), (back.Number, back.RollbackOf));
        Assert.Equal(before.Chunks, back.Chunks);
        Assert.Equal((back.Id, null), (standing.Promoted, standing.Staged));
        Assert.Equal(back.Id, (await OfferAsync("other", before.Id))!.Id);

        await _site.CommitAsync(Api("b"));
        var next = await _site.NextAsync(new FeedPosition { Node = "canary", Running = back.Id, Labels = _canary });
        Assert.Equal(["service", "a", "b"], await _site.PartIdsAsync(next));
        Assert.Null(await PollAsync("other", back.Id));
    }

    [Fact]
    public async Task Publications_OfManyChanges_NeverLoseTheOneToGoBackTo()
    {
        var before = await _site.CurrentAsync();
        await SetAsync(Rule);
        var running = before.Id;
        for (var change = 0; change < 9; change++)
        {
            await _site.CommitAsync(Api($"a{change}"));
            running = (await _site.NextAsync(new FeedPosition { Node = "canary", Running = running, Labels = _canary })).Id;
        }

        // The next would push out what other edges run: it waits until the rollout is decided.
        await _site.CommitAsync(Api("waits"));
        await SettledAsync();
        Assert.Equal(running, (await _site.CurrentAsync()).Id);
        Assert.Equal(before.Id, (await OfferAsync("fresh", null))!.Id);

        var promoted = await Grain.Promote(CancellationToken.None);
        Assert.Equal(running, promoted.Value!.Promoted);
        Assert.Contains("waits", await _site.PartIdsAsync(await _site.NextAsync(new FeedPosition { Node = "canary", Running = running, Labels = _canary })));
    }

    [Fact]
    public async Task Rule_OutlivesTheGrain_AndTakenAwayGivesAllEdgesWhatIsTried()
    {
        var before = await _site.CurrentAsync();
        await SetAsync(Rule);
        await _site.CommitAsync(Api("a"));
        var staged = await _site.NextAsync(new FeedPosition { Node = "canary", Running = before.Id, Labels = _canary });

        await PollAsync("canary", staged.Id);
        Assert.Equal(["canary"], (await Grain.Rollout(CancellationToken.None)).Nodes);
        await Grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

        // The next activation has not heard of any edge yet.
        await UntilAsync(standing => standing.Nodes.Length == 0 && standing.Staged == staged.Id && standing.Promoted == before.Id, null);

        Assert.Null((await Grain.SetRollout(null, CancellationToken.None)).Value!.Rule);
        Assert.Equal(staged.Id, (await OfferAsync("other", before.Id))!.Id);
    }

    [Fact]
    public async Task Restore_GoesToAllEdgesAtOnce_AndTheRuleStays()
    {
        await _site.CommitAsync(Api("a"));
        var backup = (await _site.Backups.Make(CancellationToken.None)).Value!;
        var before = await _site.NextAsync(new FeedPosition { Node = "other" });
        await SetAsync(Rule);
        await _site.CommitAsync(Api("b"));
        var staged = await _site.NextAsync(new FeedPosition { Node = "canary", Running = before.Id, Labels = _canary });
        Assert.Null(await PollAsync("other", before.Id));

        Assert.True((await _site.Backups.Restore(backup, replace: true)).IsSuccess);

        var restored = await _site.NextAsync(new FeedPosition { Node = "other", Running = before.Id });
        Assert.NotEqual(staged.Id.Lineage, restored.Id.Lineage);
        Assert.Equal(restored.Id, (await OfferAsync("canary", staged.Id, _canary))!.Id);
        var standing = await Grain.Rollout(CancellationToken.None);
        Assert.Equal((Rule, restored.Id, null), (standing.Rule, standing.Promoted, standing.Staged));

        await _site.CommitAsync(Api("c"));
        await _site.NextAsync(new FeedPosition { Node = "canary", Running = restored.Id, Labels = _canary });
        Assert.Null(await PollAsync("other", restored.Id));
    }

    private static RolloutRule Rule { get; } = new() { Label = "ring", Value = "canary", MaximumErrorRate = 0.1, Watch = TimeSpan.FromHours(1), MinimumRequests = 10 };

    private async Task SetAsync(RolloutRule rule) => Assert.Equal(rule, (await Grain.SetRollout(rule, CancellationToken.None)).Value!.Rule);

    private Task<PublicationOffer?> PollAsync(string node, PublicationId running, long requests = 0, long errors = 0) => Grain.Next(
        new FeedPosition { Node = node, Running = running, Labels = node == "canary" ? _canary : [], Requests = requests, Errors = errors }, TimeSpan.Zero, CancellationToken.None);

    private async Task<Manifest?> OfferAsync(string node, PublicationId? running, Dictionary<string, string>? labels = null) =>
        await Grain.Next(new FeedPosition { Node = node, Running = running, Labels = labels ?? [] }, TimeSpan.Zero, CancellationToken.None) is { } offer ? PublicationCluster.Read(offer.Signed) : null;

    // Each waits for a turn in which the grain looks at what edges said, and at the catalog; the first may be in the midst of one.
    private async Task SettledAsync()
    {
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.False((await Grain.Rollback(long.MaxValue, CancellationToken.None)).IsSuccess);
        }
    }

    /// <summary>Polls as the canary does, when it is said what it runs, until the rollout stands so.</summary>
    private async Task<RolloutStanding> UntilAsync(Func<RolloutStanding, bool> isSo, PublicationId? canaryRuns)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (canaryRuns is { } running)
            {
                await PollAsync("canary", running);
            }

            var standing = await Grain.Rollout(CancellationToken.None);
            if (isSo(standing))
            {
                return standing;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), $"the rollout stands otherwise: {standing}");
            await Task.Delay(20);
        }
    }
}
