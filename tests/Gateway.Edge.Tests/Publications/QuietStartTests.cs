using Gateway.Edge.Silos;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Edge.Tests.Publications;

/// <summary>An edge polls while its connection is being made: that it has no answer yet is no news.</summary>
public sealed class QuietStartTests
{
    [Fact]
    public async Task Edge_WhoseSilosComeALittleLater_WarnsOfNothing()
    {
        await using var edge = new FeedHarness();
        edge.Silo.IsDown = true;
        await edge.StartAsync(options => options with { QuietStart = TimeSpan.FromMinutes(5) });
        await edge.UntilAsync(() => edge.Silo.Refusals > 3, "polls without an answer");

        edge.Silo.IsDown = false;
        await edge.RunsAsync(edge.Silo.Publish(1, FeedHarness.Api("a")));

        Assert.DoesNotContain(edge.Log.Lines, IsOfPolls);
    }

    [Fact]
    public async Task Edge_WhoseSilosDoNotCome_WarnsOnce()
    {
        await using var edge = new FeedHarness();
        edge.Silo.IsDown = true;
        await edge.StartAsync(options => options with { QuietStart = TimeSpan.FromMilliseconds(50) });

        await edge.UntilAsync(() => edge.Log.Lines.Any(IsOfPolls), "a warning");
        var polls = edge.Silo.Refusals;
        await edge.UntilAsync(() => edge.Silo.Refusals > polls + 3, "more polls");

        Assert.Single(edge.Log.Lines, IsOfPolls);
    }

    [Fact]
    public async Task Edge_WhoseSilosGo_WarnsAtOnce()
    {
        await using var edge = new FeedHarness();
        await edge.StartAsync(options => options with { QuietStart = TimeSpan.FromMinutes(5) });
        await edge.RunsAsync(edge.Silo.Publish(1, FeedHarness.Api("a")));

        edge.Silo.IsDown = true;

        await edge.UntilAsync(() => edge.Log.Lines.Any(IsOfPolls), "a warning");
    }

    [Fact]
    public async Task Edge_WhoseFirstConnectionIsMade_PollsAtOnce()
    {
        var contact = new FirstContact();
        await using var edge = new FeedHarness { More = services => services.AddSingleton(contact) };
        edge.Silo.IsDown = true;
        await edge.StartAsync(options => options with { RetryDelay = TimeSpan.FromHours(1), MaximumRetryDelay = TimeSpan.FromHours(1) });
        await edge.UntilAsync(() => edge.Silo.Refusals > 0, "a poll without an answer");

        edge.Silo.IsDown = false;
        var manifest = edge.Silo.Publish(1, FeedHarness.Api("a"));
        contact.Make();

        await edge.RunsAsync(manifest);
    }

    [Fact]
    public async Task Edge_WhoseFirstConnectionIsMadeWhileAPollFails_PollsAtOnce()
    {
        var contact = new FirstContact();
        contact.Make();
        await using var edge = new FeedHarness { More = services => services.AddSingleton(contact) };
        edge.Silo.IsDown = true;

        await edge.StartAsync(options => options with { RetryDelay = TimeSpan.FromHours(1), MaximumRetryDelay = TimeSpan.FromHours(1) });

        // The first one, one that had begun by then, and the one that comes at once.
        await edge.UntilAsync(() => edge.Silo.Refusals >= 3, "a third poll");
    }

    private static bool IsOfPolls(string line) => line.StartsWith("The silos give no publications", StringComparison.Ordinal);
}
