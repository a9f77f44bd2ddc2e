using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>
/// Twenty calls a minute over two edges. Every test has subscribers of its own and lasts less than a minute, so that each of them is let pass twenty
/// times at most.
/// </summary>
public sealed class When_edges_share_a_limit(LocalSite site) : IClassFixture<LocalSite>
{
    private const int Limit = 20;
    private const string Policy = "<rate-limit calls=\"20\" renewal-period=\"60\" remaining-calls-header-name=\"X-Left\" />";

    [RedisFact]
    public async Task Load_on_both_is_admitted_exactly_twenty_times()
    {
        var keys = await PutAsync("both", 3);
        await using var callers = new Callers();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "both"), key, most: 60);
            callers.Start(site.UrlOf(1, "both"), key, most: 60);
        }

        await callers.EndAsync();

        AssertAdmitted(callers, keys, Limit, Limit);
        AssertStamps();
    }

    [RedisFact]
    public async Task Load_on_one_is_admitted_exactly_twenty_times_for_each_key()
    {
        var keys = await PutAsync("one", 3, "<rate-limit-by-key calls=\"20\" renewal-period=\"60\" counter-key=\"@(context.Subscription.Id)\" />");
        await using var callers = new Callers();
        for (var i = 0; i < keys.Length; i++)
        {
            callers.Start(site.UrlOf(i % 2, "one"), keys[i], most: 60);
        }

        await callers.EndAsync();

        AssertAdmitted(callers, keys, Limit, Limit);
    }

    [RedisFact]
    public async Task Load_that_moves_is_admitted_exactly_twenty_times()
    {
        var keys = await PutAsync("moving", 3);
        await using var callers = new Callers();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "moving"), key, most: 9, pause: 5);
        }

        await callers.EndAsync();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(1, "moving"), key, most: 100, pause: 5);
        }

        await callers.EndAsync();

        AssertAdmitted(callers, keys, Limit, Limit);
        AssertStamps();
    }

    [RedisFact]
    public async Task A_silo_killed_meanwhile_costs_one_call_at_most()
    {
        var keys = await PutAsync("silo-killed", 8);
        await using var callers = new Callers();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "silo-killed"), key, most: 5);
            callers.Start(site.UrlOf(1, "silo-killed"), key, most: 5);
        }

        await callers.EndAsync();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "silo-killed"), key, pause: 50);
            callers.Start(site.UrlOf(1, "silo-killed"), key, pause: 50);
        }

        await site.Silo(1).KillAsync();
        await Poll.UntilAsync(() => keys.All(key => callers.Of(key) >= Limit - 1 && callers.Of(key, "429") > 0), TimeSpan.FromSeconds(30), () => callers.Report);
        await callers.MoreAsync(200);
        await callers.StopAsync();
        site.StartSilo(1);
        await site.ReadyAsync();

        AssertAdmitted(callers, keys, Limit - 1, Limit);
        AssertStamps();
    }

    [RedisFact]
    public async Task An_edge_killed_meanwhile_admits_no_more()
    {
        var keys = await PutAsync("edge-killed", 4);
        await using var callers = new Callers();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "edge-killed"), key, most: 40, pause: 20);
            callers.Start(site.UrlOf(1, "edge-killed"), key, most: 40, pause: 20);
        }

        await callers.MoreAsync(30);
        await site.Edge(1).KillAsync();
        site.StartEdge(1);
        await site.ReadyAsync();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(1, "edge-killed"), key, most: 40);
        }

        await callers.EndAsync();

        AssertAdmitted(callers, keys, 1, Limit);
        AssertStamps();
    }

    [RedisFact]
    public async Task All_silos_killed_let_pass_about_what_was_last_seen()
    {
        var keys = await PutAsync("all-killed", 4);
        await using var callers = new Callers();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "all-killed"), key, most: 3);
            callers.Start(site.UrlOf(1, "all-killed"), key, most: 3);
        }

        await callers.EndAsync();
        await site.Silo(0).KillAsync();
        await site.Silo(1).KillAsync();
        foreach (var key in keys)
        {
            callers.Start(site.UrlOf(0, "all-killed"), key, pause: 50);
            callers.Start(site.UrlOf(1, "all-killed"), key, pause: 50);
        }

        // Each edge spends its part of what it last knew to remain.
        await Poll.UntilAsync(() => keys.All(key => callers.Of(key, "429") > 0), TimeSpan.FromSeconds(20), () => callers.Report);
        await callers.MoreAsync(200);
        site.StartSilo(0);
        site.StartSilo(1);
        await site.ReadyAsync();
        await callers.MoreAsync(400);
        await callers.StopAsync();

        // Two faults in one window: a silo that is back may lend before it has heard of the other edge's half.
        AssertAdmitted(callers, keys, Limit / 2, Limit + (Limit / 2));
    }

    [RedisFact]
    public async Task A_window_that_slides_holds_its_limit()
    {
        const int period = 5;
        var key = Assert.Single(await PutAsync("sliding", 1, $"<rate-limit calls=\"{Limit}\" renewal-period=\"{period}\" />"));
        var before = site.Admissions.Count;
        await using var callers = new Callers();
        callers.Start(site.UrlOf(0, "sliding"), key, pause: 10);
        callers.Start(site.UrlOf(1, "sliding"), key, pause: 10);
        await Poll.UntilAsync(() => callers.Of(key) >= 3 * Limit, TimeSpan.FromSeconds(30), () => callers.Report);
        await callers.StopAsync();

        // Between a token and its stamp lies a moment, in which a busy machine may do something else.
        const int slack = 250;
        var times = site.Admissions.Skip(before).Select(admission => admission.At).Order().ToArray();
        Assert.All(times.Zip(times.Skip(Limit)), pair => Assert.True(pair.Second - pair.First >= (period * 1000) - slack, $"{Limit + 1} calls within {pair.Second - pair.First} ms"));
        AssertStamps();
    }

    [RedisFact]
    public async Task Ten_thousand_a_minute_cost_few_calls()
    {
        var key = Assert.Single(await PutAsync("many", 1, "<rate-limit calls=\"10000\" renewal-period=\"60\" />"));
        var before = await CallsAsync();
        await using var callers = new Callers();
        for (var i = 0; i < 4; i++)
        {
            callers.Start(site.UrlOf(i % 2, "many"), key, most: 750);
        }

        await callers.EndAsync();

        Assert.Equal(3000, callers.Of(key));
        Assert.InRange(await CallsAsync() - before, 1, 300);
    }

    /// <summary>Three at the same time over the site, of which the killed edge has two.</summary>
    [RedisFact]
    public async Task An_edge_killed_with_places_leaves_them_to_the_others_and_never_more_run()
    {
        const string by = "places";
        const string sections =
            "<inbound><base /></inbound><backend><limit-concurrency key=\"@(context.Subscription.Id)\" max-count=\"3\" across=\"site\"><forward-request /></limit-concurrency></backend>";
        await site.PutApiWithPoliciesAsync(0, by, sections, by);
        await site.ServedAsync(0, by, "401");
        await site.ServedAsync(1, by, "401");
        using var client = Http.Client(patience: TimeSpan.FromMinutes(5));
        Task<string> HoldAsync(int edge) => Http.TryAsync(client, $"{site.UrlOf(edge, by)}?hold=240000&by={by}", by);
        var held = site.Held(by);
        // Places are lent again some seconds after an edge or a silo was killed, as other tests do.
        foreach (var edge in (int[])[0, 1])
        {
            await Poll.UntilAsync(async () => await Http.TryAsync(client, $"{site.UrlOf(edge, by)}?by={by}", by) == "200", LocalSite.Patience, () => $"edge {edge} lends no places.");
        }

        foreach (var edge in (int[])[1, 1, 0])
        {
            var before = held.Now;
            var request = HoldAsync(edge);
            await Poll.UntilAsync(() => held.Now == before + 1, LocalSite.Patience, () => $"edge {edge}: {held.Now} run, {(request.IsCompleted ? request.Result : "")}\n{site.Report()}");
        }

        Assert.Equal("429", await HoldAsync(0));
        Assert.Equal("429", await HoldAsync(1));

        await site.Edge(1).KillAsync();
        await Poll.UntilAsync(() => held.Now == 1, LocalSite.Patience, () => $"{held.Now} run.");
        Assert.Equal("429", await HoldAsync(0));
        await using var callers = new Callers();
        for (var i = 0; i < 4; i++)
        {
            callers.Start($"{site.UrlOf(0, by)}?hold=100&by={by}", by, pause: 20);
        }

        await Poll.UntilAsync(() => held.Now == 3, LocalSite.Patience, () => $"{held.Now} run: {callers.Report}\n{site.Report()}");
        await callers.MoreAsync(40);
        await callers.StopAsync();
        site.StartEdge(1);
        await site.ReadyAsync();

        Assert.Equal(3, held.Most);
    }

    private async Task<double> CallsAsync() => await site.MetricAsync(0, "gateway_limits_calls_total") + await site.MetricAsync(1, "gateway_limits_calls_total");

    private async Task<string[]> PutAsync(string api, int subscribers, string policy = Policy)
    {
        var keys = Enumerable.Range(0, subscribers).Select(number => $"{api}-{number}").ToArray();
        await site.PutApiAsync(0, api, policy, keys);
        await site.ServedAsync(0, api, "401");
        await site.ServedAsync(1, api, "401");
        return keys;
    }

    private void AssertAdmitted(Callers callers, string[] keys, int least, int most) =>
        Assert.True(keys.All(key => callers.Of(key) >= least && callers.Of(key) <= most), $"{callers.Report}\n{site.Report()}");

    private void AssertStamps()
    {
        var tokens = site.Admissions.Where(admission => admission.IsGranted).Select(admission => (admission.Counter, admission.Epoch, admission.Grant, admission.Serial)).ToArray();
        Assert.NotEmpty(tokens);
        Assert.Empty(tokens.GroupBy(token => token).Where(token => token.Count() > 1).Select(token => token.Key));
    }
}
