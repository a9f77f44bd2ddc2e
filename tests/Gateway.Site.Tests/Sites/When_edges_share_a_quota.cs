using System.Text.Json.Nodes;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>Twenty calls over two edges, for ever. Every test has subscribers of its own.</summary>
[Collection(nameof(SharedSite))]
public sealed class When_edges_share_a_quota(LocalSite site)
{
    private const int Limit = 20;

    [RedisFact]
    public async Task Load_on_both_is_admitted_exactly_twenty_times()
    {
        var keys = await PutAsync("quota", 3, ByKey());
        await using var callers = new Callers();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "quota"), key, most: 40);
            callers.Start(site.UrlOf(1, "quota"), key, most: 40);
        }

        await callers.EndAsync();

        AssertAdmitted(callers, keys, Limit);
        Assert.All(keys, key => Assert.Equal(60, callers.Of(key, "403")));
    }

    [RedisFact]
    public async Task All_silos_killed_and_started_again_admit_no_more()
    {
        var keys = await PutAsync("quota-killed", 4, ByKey());
        await using var callers = new Callers();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "quota-killed"), key, most: 6);
            callers.Start(site.UrlOf(1, "quota-killed"), key, most: 6);
        }

        await callers.EndAsync();
        Assert.All(keys, key => Assert.Equal(12, callers.Of(key)));
        await site.Silo(0).KillAsync();
        await site.Silo(1).KillAsync();
        site.StartSilo(0);
        site.StartSilo(1);
        await site.ReadyAsync();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "quota-killed"), key, pause: 20);
            callers.Start(site.UrlOf(1, "quota-killed"), key, pause: 20);
        }

        await Poll.UntilAsync(() => keys.All(key => callers.Of(key, "403") >= 5), LocalSite.Patience, () => $"{callers.Report}\n{site.Report()}");
        await callers.StopAsync();

        // A chunk that was reserved and not lent is lost with its silo: one call of twenty.
        AssertAdmitted(callers, keys, Limit - 1);
    }

    [RedisFact]
    public async Task What_the_response_decides_is_counted_after_it()
    {
        var key = Assert.Single(await PutAsync("quota-late", 1, ByKey("increment-condition=\"@(context.Response.StatusCode != 200)\"")));
        await using var callers = new Callers();
        callers.Start(site.UrlOf(0, "quota-late"), key, most: 50);
        callers.Start(site.UrlOf(1, "quota-late"), key, most: 50);
        await callers.EndAsync();

        Assert.Equal(100, callers.Of(key));
    }

    [RedisFact]
    public async Task A_count_that_is_set_holds_on_all_edges_at_once()
    {
        var key = Assert.Single(await PutAsync("quota-set", 1, ByKey()));
        await using var callers = new Callers();
        callers.Start(site.UrlOf(0, "quota-set"), key, most: 30);
        callers.Start(site.UrlOf(1, "quota-set"), key, most: 30);
        await callers.EndAsync();
        Assert.Equal(Limit, callers.Of(key));
        await Poll.UntilAsync(async () => await CountAsync(HttpMethod.Get, key) == Limit, LocalSite.Patience, site.Report);

        Assert.Equal(Limit - 5, await CountAsync(HttpMethod.Patch, key, new() { ["properties"] = new JsonObject { ["callsCount"] = Limit - 5 } }));
        callers.Start(site.UrlOf(0, "quota-set"), key, most: 100, pause: 20);
        callers.Start(site.UrlOf(1, "quota-set"), key, most: 100, pause: 20);
        await callers.EndAsync();

        Assert.Equal(Limit + 5, callers.Of(key));
    }

    private async Task<int> CountAsync(HttpMethod method, string key, JsonObject? body = null)
    {
        var (status, answer) = await site.ManageAsync(1, method, $"/quotas/{key}", body);
        Assert.Equal(200, status);
        return (int)answer!["value"]!.AsArray().Single()!["value"]!["callsCount"]!;
    }

    private static string ByKey(string more = "") =>
        $"<quota-by-key calls=\"{Limit}\" renewal-period=\"0\" counter-key=\"@(context.Subscription.Id)\" {more} />";

    private async Task<string[]> PutAsync(string api, int subscribers, string policy)
    {
        var keys = Enumerable.Range(0, subscribers).Select(number => $"{api}-{number}").ToArray();
        await site.PutApiAsync(0, api, policy, keys);
        await site.ServedAsync(0, api, "401");
        await site.ServedAsync(1, api, "401");
        return keys;
    }

    private void AssertAdmitted(Callers callers, string[] keys, int least) =>
        Assert.True(keys.All(key => callers.Of(key) >= least && callers.Of(key) <= Limit), $"{callers.Report}\n{site.Report()}");
}
