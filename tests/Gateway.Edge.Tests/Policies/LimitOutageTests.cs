using Gateway.Edge.Counters;

namespace Gateway.Edge.Tests.Policies;

/// <summary>What <c>on-outage</c> of a limit makes of requests once no silo answers, beside those that <see cref="LimitSettingTests"/> has.</summary>
public sealed class LimitOutageTests
{
    private const int Share = 5;
    private const int From = 30_000;
    private const int Beat = 500;

    [Theory]
    [InlineData("rate-limit-by-key", "last-seen", 10, 429)]
    [InlineData("rate-limit-by-key", "escrow", Share, 429)]
    [InlineData("rate-limit-by-key", "closed", 0, 503)]
    [InlineData("rate-limit-by-key", "open", 20, 200)]
    [InlineData("rate-limit", "last-seen", 10, 429)]
    [InlineData("rate-limit", "escrow", Share, 429)]
    [InlineData("quota-by-key", "last-seen", 4, 403)]
    [InlineData("quota-by-key", "open", 20, 200)]
    [InlineData("quota-by-key", "closed", 0, 503)]
    public async Task Edge_without_silos_lets_pass_what_the_policy_says(string policy, string onOutage, int passes, int status)
    {
        var (key, period) = (policy == "rate-limit" ? "" : "counter-key=\"k\"", policy == "quota-by-key" ? 300 : 10);
        await using var edge = await LimitEdge.StartAsync(api: $"<{policy} calls=\"20\" renewal-period=\"{period}\" {key} on-outage=\"{onOutage}\" />");
        edge.Silo.Word = request => new()
        {
            Granted = request.Waiting > 0 ? 1 : 0,
            ValidForMilliseconds = 300,
            ActiveEdges = 2,
            Remaining = 8,
            PeriodEndsInMilliseconds = policy == "quota-by-key" ? 200_000 : 0,
            Escrow = request.Escrow is { IsWanted: true } ? new(Share, From, 300_000) : null,
        };
        Assert.Equal(200, await edge.StatusAsync("/a/json"));
        edge.Silo.Before = _ => Task.Delay(Timeout.Infinite);
        edge.Gateway.Get<SiloContact>().NotifyClusterConnectionLost();
        for (var passed = 0; passed < From + 500; passed += Beat)
        {
            edge.Gateway.Get<LimitTable>().Beat();
            edge.Time.Advance(TimeSpan.FromMilliseconds(Beat));
        }

        var answers = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await edge.StatusAsync("/a/json"));
        }

        Assert.Equal((passes, status), (answers.Count(answer => answer == 200), answers[^1]));
    }
}
