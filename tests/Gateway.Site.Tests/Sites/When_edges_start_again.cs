using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>What an edge that is restarted finds, while another one is called all the while.</summary>
public sealed class When_edges_start_again(LocalSite site) : IClassFixture<LocalSite>
{
    [RedisFact]
    public async Task Without_silos_they_serve_from_their_backup_and_follow_again_when_silos_are_back()
    {
        await ServedByBothAsync("from-backup");
        await using var load = new Load(site.UrlOf(0, "from-backup"));
        await load.MoreAsync(50);

        await site.Silo(0).KillAsync();
        await site.Silo(1).KillAsync();
        await site.Edge(1).KillAsync();
        site.StartEdge(1);
        await site.ServedAsync(1, "from-backup");
        Assert.Equal(200, (await site.ReadinessAsync(1)).Status);
        await load.MoreAsync(50);

        await ReturnAsync("after-backup");
        Assert.Empty(await load.StopAsync());
    }

    [RedisFact]
    public async Task Without_silos_and_without_a_backup_they_are_not_ready_say_why_and_answer_nothing_with_200()
    {
        await ServedByBothAsync("no-backup");
        await using var load = new Load(site.UrlOf(0, "no-backup"));
        await load.MoreAsync(50);

        await site.Silo(0).KillAsync();
        await site.Silo(1).KillAsync();
        await site.Edge(1).KillAsync();
        site.StartEdge(1, ("Gateway__Backup__Enabled", "false"));
        (int Status, string Body) readiness = default;
        await Poll.UntilAsync(
            async () => (readiness = await site.ReadinessAsync(1)).Body.Contains("no backup is kept", StringComparison.Ordinal),
            LocalSite.Patience,
            () => $"{readiness}\n{site.Report()}");
        Assert.Equal(503, readiness.Status);
        for (var call = 0; call < 50; call++)
        {
            Assert.NotEqual("200", await site.AskAsync(1, "no-backup"));
        }

        await load.MoreAsync(50);
        await ReturnAsync("after-no-backup");
        Assert.Empty(await load.StopAsync());
    }

    [RedisFact]
    public async Task While_the_state_store_is_away_they_start_through_the_silos_and_only_management_notices()
    {
        await ServedByBothAsync("store-away");
        await using var load = new Load(site.UrlOf(0, "store-away"));
        await load.MoreAsync(50);

        await site.StopRedisAsync();
        Assert.Equal(503, (await site.ManageAsync(0, HttpMethod.Get, "/apis/store-away")).Status);
        await site.Edge(1).KillAsync();
        Directory.Delete(site.In("edge-1"), recursive: true);
        site.StartEdge(1);
        await site.ServedAsync(1, "store-away");
        await load.MoreAsync(50);

        site.StartRedis();
        await site.PutApiAsync(0, "store-back");
        await site.ServedAsync(0, "store-back");
        await site.ServedAsync(1, "store-back");
        Assert.Empty(await load.StopAsync());
    }

    private async Task ServedByBothAsync(string api)
    {
        await site.PutApiAsync(0, api);
        await site.ServedAsync(0, api);
        await site.ServedAsync(1, api);
    }

    private async Task ReturnAsync(string api)
    {
        site.StartSilo(0);
        site.StartSilo(1);
        await site.ReadyAsync();
        await ServedByBothAsync(api);
    }
}
