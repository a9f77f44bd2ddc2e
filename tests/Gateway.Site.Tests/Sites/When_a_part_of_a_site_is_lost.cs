using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>Two silos, two edges, one Redis, as processes. Each test leaves the site whole.</summary>
public sealed class When_a_part_of_a_site_is_lost(LocalSite site) : IClassFixture<LocalSite>
{
    [RedisFact]
    public async Task A_change_is_answered_by_both_edges_and_all_nodes_are_listed()
    {
        await site.PutApiAsync(0, "first");

        await site.ServedAsync(0, "first");
        await site.ServedAsync(1, "first");
        string[] nodes = [];
        await Poll.UntilAsync(
            async () =>
            {
                nodes = await site.NodesAsync(1);
                return nodes.SequenceEqual(["edge-0 ready", "edge-1 ready", "silo-0 ready", "silo-1 ready"]);
            },
            TimeSpan.FromSeconds(30),
            () => string.Join(", ", nodes));
    }

    [RedisFact]
    public async Task One_silo_killed_costs_no_request_and_changes_go_on()
    {
        await site.PutApiAsync(0, "silo-loss");
        await ServedByBothAsync("silo-loss");
        await using var load = new Load(site.UrlOf(0, "silo-loss"), site.UrlOf(1, "silo-loss"));
        await load.MoreAsync(50);

        await site.Silo(1).KillAsync();
        await load.MoreAsync(50);
        await ChangeAsync(0, "after-silo-loss");
        await load.MoreAsync(50);
        var failures = await load.StopAsync();

        site.StartSilo(1);
        await site.ReadyAsync();
        Assert.Empty(failures);
    }

    [RedisFact]
    public async Task One_silo_that_hangs_costs_no_request_and_changes_go_on()
    {
        await site.PutApiAsync(0, "silo-hang");
        await ServedByBothAsync("silo-hang");
        await using var load = new Load(site.UrlOf(0, "silo-hang"), site.UrlOf(1, "silo-hang"));
        await load.MoreAsync(50);

        site.Silo(1).Hang();
        await site.GivenUpAsync(silo: 1);
        await Poll.UntilAsync(async () => (await site.NodesAsync(0)).Contains("silo-1 stale"), LocalSite.Patience, site.Report);
        await ChangeAsync(0, "after-silo-hang");
        await load.MoreAsync(50);
        site.Silo(1).Resume();


        // It learns that the others have given it up, ends, and its supervisor starts it again.
        await site.Silo(1).WaitForExitAsync(LocalSite.Patience);
        site.StartSilo(1);
        await site.ReadyAsync();
        await load.MoreAsync(50);
        Assert.Empty(await load.StopAsync());
    }

    [RedisFact]
    public async Task One_edge_killed_costs_the_other_no_request_and_it_comes_back()
    {
        await site.PutApiAsync(0, "edge-loss");
        await ServedByBothAsync("edge-loss");
        await using var load = new Load(site.UrlOf(0, "edge-loss"));
        await load.MoreAsync(50);

        await site.Edge(1).KillAsync();
        await load.MoreAsync(100);
        site.StartEdge(1);
        await site.ServedAsync(1, "edge-loss");

        Assert.Empty(await load.StopAsync());
        await site.ReadyAsync();
    }

    [RedisFact]
    public async Task All_silos_killed_costs_no_request_and_their_return_brings_changes_again()
    {
        await site.PutApiAsync(0, "all-silos");
        await ServedByBothAsync("all-silos");
        await using var load = new Load(site.UrlOf(0, "all-silos"), site.UrlOf(1, "all-silos"));

        await site.Silo(0).KillAsync();
        await site.Silo(1).KillAsync();
        await load.MoreAsync(400);
        site.StartSilo(0);
        site.StartSilo(1);
        await site.ReadyAsync();
        await ChangeAsync(1, "after-all-silos");

        Assert.Empty(await load.StopAsync());
    }

    private async Task ServedByBothAsync(string api)
    {
        await site.ServedAsync(0, api);
        await site.ServedAsync(1, api);
    }

    private async Task ChangeAsync(int silo, string api)
    {
        await site.PutApiAsync(silo, api);
        await ServedByBothAsync(api);
    }
}
