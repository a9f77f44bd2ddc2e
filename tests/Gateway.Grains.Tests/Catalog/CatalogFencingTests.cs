using System.Diagnostics;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;
using Gateway.Grains.Catalog.Commits;
using Gateway.Grains.Catalog.Records;
using Gateway.Testing.Stores;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Catalog;

public sealed class CatalogFencingTests
{
    [Theory, StoreData]
    public async Task Commit_TwoOnTheSameHead_ExactlyOneWins(string storeName)
    {
        await using var store = await TestStore.StartAsync(storeName);
        var cores = new[] { await new CatalogCore(store, "s").BeginAsync(), await new CatalogCore(store, "s").BeginAsync() };
        for (var round = 0; round < 50; round++)
        {
            var head = await cores[0].Store.ReadHeadAsync();

            var won = await Task.WhenAll(cores.Select((core, index) => core.Store.CommitAsync(head, [Write($"/apis/{round}-{index}", head.Version + 1)])));

            Assert.Single(won, true);
            Assert.Equal(head.Version + 1, (await cores[1].Store.ReadHeadAsync()).Version);
            var written = await cores[0].Store.ReadAsync([$"/apis/{round}-0", $"/apis/{round}-1"]);
            Assert.Equal(won, written.Select(record => record is not null));
        }
    }

    [Theory, StoreData]
    public async Task Committers_TwoActivationsAtOnce_LoseNothingAndNeverBreakARule(string storeName)
    {
        await using var store = await TestStore.StartAsync(storeName);
        var cores = new[] { await new CatalogCore(store, "s").BeginAsync(), await new CatalogCore(store, "s").BeginAsync() };
        var expected = 0;
        for (var round = 0; round < 30; round++)
        {
            var path = $$"""{"displayName":"x","path":"p{{round}}"}""";
            var outcomes = await Task.WhenAll(cores.Select((core, index) => core.Commit(Put($"/apis/a{round}-{index}", path))));

            // Both want one path: one gets it, the other is told.
            Assert.Single(outcomes, outcome => outcome.Receipt is not null);
            Assert.Equal(ErrorKind.Conflict, Assert.Single(outcomes.Single(outcome => outcome.Receipt is null).Errors).Code);
            expected++;
        }

        var all = await cores[0].Source.ReadSinceAsync(null);
        Assert.Equal(expected, all.Contents.Count(content => content.Id.StartsWith("/apis/", StringComparison.Ordinal)));
        Assert.Equal(expected, all.Version);
    }

    [Theory, StoreData]
    public async Task Commit_LineageGone_IsRefusedAndWritesNothing(string storeName)
    {
        await using var store = await TestStore.StartAsync(storeName);
        var core = await new CatalogCore(store, "s").BeginAsync();
        await core.Commit(Api("a"));

        await store.FlushAsync();
        var running = await core.Commit(Api("b"));
        var other = new CatalogCore(store, "s");
        other.Lineage.Begin(LineageRecord.Begin(default));
        var loading = await other.Commit(Api("b"));

        foreach (var outcome in (CommitOutcome[])[running, loading])
        {
            var error = Assert.Single(outcome.Errors);
            Assert.Equal(ErrorKind.ServiceUnavailable, error.Code);
            Assert.Contains("lineage key is gone", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(await store.DumpAsync());
    }

    [Theory, StoreData]
    public async Task Commit_ForeignLineage_IsRefusedButASuccessorIsTaken(string storeName)
    {
        await using var store = await TestStore.StartAsync(storeName);
        var core = await new CatalogCore(store, "s").BeginAsync();
        var known = (await core.Store.ReadHeadAsync()).Lineage!;

        await store.FlushAsync();
        await core.Store.EnsureLineageAsync(LineageRecord.Begin(default));
        var foreign = await core.Commit(Api("a"));
        await store.FlushAsync();
        await core.Store.EnsureLineageAsync(LineageRecord.Begin(default) with { Predecessors = [known.Id] });
        var successor = await core.Commit(Api("a"));

        Assert.Contains("another lineage", Assert.Single(foreign.Errors).Message, StringComparison.Ordinal);
        Assert.NotNull(successor.Receipt);
    }

    [Theory, StoreData]
    public async Task Lineage_ManySilosAtOnce_IsBegunOnce(string storeName)
    {
        await using var store = await TestStore.StartAsync(storeName);
        var core = new CatalogCore(store, "s");

        var lineages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => core.Store.EnsureLineageAsync(LineageRecord.Begin(default))));

        Assert.Single(lineages.Select(lineage => lineage.Id).Distinct());
    }

    [Theory, StoreData]
    public async Task Commit_StoreDown_SaysSoAndWorksAgainLater(string storeName)
    {
        await using var store = await TestStore.StartAsync(storeName, commandSeconds: 3);
        var core = await new CatalogCore(store, "s").BeginAsync();
        Assert.NotNull((await core.Commit(Api("a"))).Receipt);

        await store.StopAsync();
        var down = await core.Commit(Api("b"));
        await store.RestartAsync();
        var waited = Stopwatch.StartNew();
        var again = await core.Commit(Api("c"));
        while (again.Receipt is null && waited.Elapsed < TimeSpan.FromSeconds(60))
        {
            again = await core.Commit(Api("c"));
        }

        Assert.Equal(ErrorKind.ServiceUnavailable, Assert.Single(down.Errors).Code);
        Assert.True(again.Receipt is not null, string.Join(' ', again.Errors.Select(error => error.Message)));
        Assert.NotNull((await core.Store.ReadAsync(["/apis/a"]))[0]);
    }

    private static CatalogWrite Write(string id, long version) => new(id, new CatalogRecord { Id = id, Version = version, Properties = "{}"u8.ToArray() });
}
