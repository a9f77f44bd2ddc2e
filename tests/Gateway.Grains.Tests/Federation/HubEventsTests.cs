using System.Text.Json;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Nodes;
using Gateway.Grains.Federation;
using Microsoft.Extensions.Time.Testing;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Federation;

/// <summary>What a site tells its hub.</summary>
public sealed class HubEventsTests
{
    [Fact]
    public void Untold_SaysHowLongAgoItWas_UntilItIsTold()
    {
        var time = new FakeTimeProvider();
        var events = new HubEvents(time);
        events.Add(SiteEventKind.Fault, "away");
        time.Advance(TimeSpan.FromHours(2));
        events.Add(SiteEventKind.Recovered, "back");

        Assert.Equal([new(7200, SiteEventKind.Fault, "away"), new(0, SiteEventKind.Recovered, "back")], events.Untold());
        events.Told(1);
        Assert.Equal("back", Assert.Single(events.Untold()).Text);
        events.Told(5);
        Assert.Empty(events.Untold());
    }

    [Fact]
    public void Add_MoreThanAreTold_DropsTheOldest()
    {
        var events = new HubEvents(new FakeTimeProvider());
        for (var i = 0; i < SiteEvents.Maximum + 10; i++)
        {
            events.Add(SiteEventKind.Fault, $"{i}");
        }

        Assert.Equal(SiteEvents.Maximum, events.Untold().Length);
        Assert.Equal("10", events.Untold()[0].Text);
    }

    [Fact]
    public async Task WhatHappenedWhileTheHubWasAway_IsToldAfterwards()
    {
        await using var hub = await FakeHub.StartAsync();
        await hub.CommitAsync([.. Api("orders", gateway: FakeHub.Gateway)]);
        await using var site = await TestSite.StartAsync(hub.Address);
        await site.PullAsync();
        hub.Instead = Answers.Status(500);
        await site.PullInVainAsync("answered 500");
        var heartbeat = new SiteHeartbeat
        {
            Nodes = [new NodeReport { Name = "edge-1", Role = NodeRole.Edge, Gateway = "managed", Version = "1", State = NodeState.Ready, StartedAt = DateTimeOffset.UnixEpoch }],
        };
        await Assert.ThrowsAsync<HubException>(() => site.Puller.TellAsync(heartbeat, CancellationToken.None));
        hub.Instead = null;
        await site.PullAsync();

        await site.Puller.TellAsync(heartbeat, CancellationToken.None);
        await site.Puller.TellAsync(heartbeat, CancellationToken.None);

        Assert.Equal(["heartbeat", "events", "heartbeat"], hub.Told.Select(told => told.What));
        Assert.Equal(hub.State.Manifest.Id, JsonSerializer.Deserialize(hub.Told.First().Body, FederationJson.Default.SiteHeartbeat)!.Publication);
        Assert.Equal(
            [SiteEventKind.Taken, SiteEventKind.Fault, SiteEventKind.Recovered],
            JsonSerializer.Deserialize(hub.Told.ElementAt(1).Body, FederationJson.Default.SiteEvents)!.Events.Select(happened => happened.Kind));
    }
}
