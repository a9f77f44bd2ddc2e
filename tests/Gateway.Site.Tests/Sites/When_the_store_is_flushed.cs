using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>The state store loses everything under a site that serves: what an operator's FLUSHALL does.</summary>
public sealed class When_the_store_is_flushed(LocalSite site) : IClassFixture<LocalSite>
{
    [RedisFact]
    public async Task It_costs_no_request_and_a_backup_brings_the_catalog_back_to_running_and_restarted_nodes()
    {
        await site.PutApiAsync(0, "flushed");
        await site.ServedAsync(0, "flushed");
        await site.ServedAsync(1, "flushed");
        Assert.Contains("bytes", await site.ToolAsync(0, "backup", site.In("catalog.backup")), StringComparison.Ordinal);
        await using var load = new Load(site.UrlOf(0, "flushed"));
        await using var other = new Load(site.UrlOf(1, "flushed"));
        await load.MoreAsync(50);
        await other.MoreAsync(50);

        await site.RedisAsync("FLUSHALL");
        await LostAsync(silo: 0);

        // A silo that starts now finds an empty store, and does not take it for a new installation.
        await site.Silo(1).KillAsync();
        site.StartSilo(1);
        await site.Silo(1).WaitForErrorAsync("has lost the catalog", LocalSite.Patience);
        await load.MoreAsync(50);
        await other.MoreAsync(50);

        // An edge starts from what the silos have in memory, or from its backup when they have nothing.
        Assert.Empty(await other.StopAsync());
        await site.Edge(1).KillAsync();
        site.StartEdge(1);
        await site.ServedAsync(1, "flushed");

        var restored = "";
        await Poll.UntilAsync(
            async () => (restored = await site.ToolAsync(1, "restore", site.In("catalog.backup"))).StartsWith("restored:", StringComparison.Ordinal),
            LocalSite.Patience,
            () => $"{restored}\n{site.Report()}");
        // The silo that ran on writes too: it put back who is there, and gave up the silo that was killed.
        await site.PutApiAsync(0, "after-restore");
        await site.ServedAsync(0, "after-restore");
        await site.ServedAsync(1, "after-restore");
        await load.MoreAsync(50);

        Assert.Empty(await load.StopAsync());
    }

    private async Task LostAsync(int silo)
    {
        (int Status, System.Text.Json.Nodes.JsonNode? Body) answer = default;
        await Poll.UntilAsync(
            async () => (answer = await site.ManageAsync(silo, HttpMethod.Get, "/apis/flushed")).Status == 503,
            LocalSite.Patience,
            () => $"{answer.Status} {answer.Body}");
        Assert.Contains("gateway restore", answer.Body!.ToJsonString(), StringComparison.Ordinal);
    }
}
