using System.Text.Json.Nodes;
using Gateway.Site.Tests.Processes;
using Gateway.Site.Tests.Sites;

namespace Gateway.Site.Tests.Federation;

/// <summary>A hub and a federated site as processes. Each test leaves both whole.</summary>
public sealed class When_a_site_has_a_hub(FederatedSite site) : IClassFixture<FederatedSite>
{
    [RedisFact]
    public async Task Its_edges_serve_what_the_hub_gives_it_and_the_hub_lists_its_nodes()
    {
        await site.PutApiAsync("first");

        await site.ServedAsync(0, "first");
        await site.ServedAsync(1, "first");
        string[] nodes = [];
        await Poll.UntilAsync(
            async () =>
            {
                nodes = await site.NodesOnHubAsync();
                return nodes.SequenceEqual(["edge edge-0 ready", "edge edge-1 ready", "silo silo ready"]);
            },
            FederatedSite.Patience,
            () => string.Join(", ", nodes));
    }

    [RedisFact]
    public async Task Its_configuration_is_written_on_the_hub_only()
    {
        var (status, body) = await site.SiteAsync(HttpMethod.Put, "/apis/own", new() { ["properties"] = new JsonObject { ["displayName"] = "own", ["path"] = "own" } });

        Assert.Equal(409, status);
        Assert.Equal("ManagedByHub", (string?)body!["error"]!["code"]);
        Assert.Equal(200, (await site.SiteAsync(HttpMethod.Get, "/gateways/managed/nodes")).Status);

        // What the copy knows can be read.
        var (found, always) = await site.SiteAsync(HttpMethod.Get, "/apis/always");
        Assert.Equal((200, "always"), (found, (string?)always!["properties"]!["path"]));
        Assert.Contains((await site.SiteAsync(HttpMethod.Get, "/apis")).Body!["value"]!.AsArray(), api => (string?)api!["name"] == "always");
        Assert.Contains("Ask the hub for the rest", $"{(await site.SiteAsync(HttpMethod.Get, "/apis/always/policies/policy")).Body}", StringComparison.Ordinal);
        Assert.Equal(200, (await site.SiteAsync(HttpMethod.Get, "/limits")).Status);
        Assert.True(site.Line.Connections > 0, "the hub is reached through the proxy of the settings");
    }

    [RedisFact]
    public async Task Changes_made_while_the_line_is_cut_all_arrive_afterwards()
    {
        await using var load = new Load(site.UrlOf(0, "always"), site.UrlOf(1, "always"));
        await load.MoreAsync(50);

        site.Line.Cut();
        await site.PutApiAsync("cut-1");
        await site.PutApiAsync("cut-2");
        await site.PutApiAsync("cut-3");
        await load.MoreAsync(100);
        site.Line.Mend();

        foreach (var api in new[] { "cut-1", "cut-2", "cut-3" })
        {
            await site.ServedAsync(0, api);
            await site.ServedAsync(1, api);
        }

        Assert.Empty(await load.StopAsync());
    }

    [RedisFact]
    public async Task The_hub_lost_costs_no_request_and_nodes_start_from_the_copy_of_the_site()
    {
        await site.PutApiAsync("limited", """<rate-limit-by-key calls="5" renewal-period="300" counter-key="all" />""");
        await site.ServedAsync(0, "limited");
        await using var load = new Load(site.UrlOf(0, "always"));
        await load.MoreAsync(50);

        await site.KillAsync("hub");

        // Limits are the site's own: one call was made, four are left for all edges together.
        var admitted = 0;
        for (var call = 0; call < 12; call++)
        {
            admitted += await Http.TryAsync(site.Client, site.UrlOf(0, "limited")) == "200" ? 1 : 0;
        }

        Assert.Equal(4, admitted);
        await site.KillAsync("edge-1");
        site.StartEdge(1);
        await site.ServedAsync(1, "always");
        await site.KillAsync("silo");
        site.StartSilo();
        await site.ReadyAsync("silo", "edge-1");
        await load.MoreAsync(100);
        Assert.Contains("cannot be reached", await RemarkAsync("cannot be reached"), StringComparison.Ordinal);

        site.StartHub();
        await site.ReadyAsync("hub");
        await site.PutApiAsync("after-hub");
        await site.ServedAsync(0, "after-hub");
        await site.ServedAsync(1, "after-hub");
        Assert.Empty(await load.StopAsync());
    }

    [RedisFact]
    public async Task Its_silos_and_its_store_lost_cost_no_request_and_edges_start_from_their_backup()
    {
        await using var load = new Load(site.UrlOf(0, "always"));
        await load.MoreAsync(50);

        await site.KillAsync("silo");
        await site.KillAsync("site-redis");
        await site.KillAsync("edge-1");
        site.StartEdge(1);
        await site.ServedAsync(1, "always");
        await load.MoreAsync(100);
        await site.PutApiAsync("meanwhile");

        site.StartStore();
        site.StartSilo();
        await site.ReadyAsync("silo", "edge-1");
        await site.ServedAsync(0, "meanwhile");
        await site.ServedAsync(1, "meanwhile");
        Assert.Empty(await load.StopAsync());
    }

    [RedisFact]
    public async Task A_token_that_ended_is_told_and_a_renewed_one_is_taken_without_a_restart()
    {
        await using var load = new Load(site.UrlOf(0, "always"), site.UrlOf(1, "always"));

        // By its time: another test may have left a token that was refused, and the one after it is good until the site has read this one.
        var readiness = await RemarkAsync(await site.ExpireTokenAsync());
        Assert.StartsWith("200", readiness, StringComparison.Ordinal);
        await site.PutApiAsync("with-token");
        await load.MoreAsync(50);
        Assert.NotEqual("200", await Http.TryAsync(site.Client, site.UrlOf(0, "with-token")));

        await site.RenewTokenAsync();
        await site.ServedAsync(0, "with-token");
        await site.ServedAsync(1, "with-token");
        Assert.Empty(await load.StopAsync());

        // What the site could not tell meanwhile, the hub hears with the first heartbeat that it takes.
        var told = "";
        await Poll.UntilAsync(
            async () => (told = $"{(await site.HubAsync(HttpMethod.Get, "/gateways/berlin/events")).Body}").Contains("The hub refuses the gateway token", StringComparison.Ordinal),
            FederatedSite.Patience,
            () => told);
    }

    [RedisFact]
    public async Task A_site_that_starts_with_a_token_that_ended_and_without_a_copy_is_not_ready()
    {
        await site.ExpireTokenAsync();
        try
        {
            var (silo, readiness) = await site.StartFreshSiloAsync();
            Assert.StartsWith("503", readiness, StringComparison.Ordinal);
            Assert.Contains("The site has no publication of its hub yet. The hub refuses the gateway token: The gateway token ended at", readiness, StringComparison.Ordinal);
            await silo.KillAsync();
        }
        finally
        {
            await site.RenewTokenAsync();
        }
    }

    private async Task<string> RemarkAsync(string expected)
    {
        var said = "";
        await Poll.UntilAsync(
            async () => (said = await site.SiloReadinessAsync()).Contains(expected, StringComparison.Ordinal), FederatedSite.Patience, () => $"{said}\n{site.Report()}");
        return said;
    }
}
