using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>A rollout: one edge of two gets new publications first, and is called all the while.</summary>
[Collection(nameof(SharedSite))]
public sealed class When_a_publication_is_tried(LocalSite site)
{
    private const int Trying = 1;
    private const int Other = 0;

    [RedisFact]
    public async Task A_bad_one_is_taken_back_by_itself_and_costs_the_other_edge_no_request_and_a_good_one_goes_to_all()
    {
        await site.PutApiAsync(0, "tried");
        await site.ServedAsync(Trying, "tried");
        await site.ServedAsync(Other, "tried");
        Assert.Contains("nothing is tried", await RolloutAsync("set", "--label", $"ring=ring-{Trying}", "--max-error-rate", "0.2", "--watch", "01:00:00", "--min-requests", "5"), StringComparison.Ordinal);
        try
        {
            await using var load = new Load(site.UrlOf(Other, "tried"));

            // The one that tries it fails, until what was before is back.
            await PutPolicyAsync("""<return-response><set-status code="500" /></return-response>""");
            await site.ServedAsync(Trying, "tried", "500");
            await site.ServedAsync(Trying, "tried");
            Assert.Matches(@"last taken back: .* \d+ of \d+ answers were 500 or above, 20 % are allowed", await RolloutAsync("show"));

            // The next change is tried again, and stays where it is.
            await PutPolicyAsync("");
            await site.PutApiAsync(0, "tried-too");
            await site.ServedAsync(Trying, "tried-too");
            Assert.Equal("404", await site.AskAsync(Other, "tried-too"));
            Assert.Contains($"is tried by edge-{Trying}", await RolloutAsync("show"), StringComparison.Ordinal);
            await RolloutAsync("promote");
            await site.ServedAsync(Other, "tried-too");

            Assert.Empty(await load.StopAsync());
        }
        finally
        {
            Assert.Contains("all edges at once", await RolloutAsync("off"), StringComparison.Ordinal);
        }
    }

    private Task PutPolicyAsync(string inbound) =>
        site.PutAsync("/apis/tried/policies/policy", new() { ["format"] = "rawxml", ["value"] = $"<policies><inbound><base />{inbound}</inbound></policies>" });

    private Task<string> RolloutAsync(params string[] args) => site.ToolAsync(0, ["rollout", .. args]);
}
