using CsCheck;
using Gateway.Contracts.Publications;
using static Gateway.Grains.Tests.Publications.Projection.Records;

namespace Gateway.Grains.Tests.Federation;

/// <summary>Changes made while anything is away, in any order, are all there afterwards.</summary>
public sealed class OutageTests
{
    private const int Apis = 6;

    private enum Step
    {
        Change,
        Remove,
        HubAway,
        HubBroken,
        HubBack,
        StoreAway,
        StoreBack,
        Restart,
        Pull,
    }

    private static readonly Gen<(Step Step, int Api)[]> _schedules =
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, Apis - 1]).Array[1, 14];

    [Fact]
    public async Task Changes_DuringRandomOutages_ArriveAfterThem()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var site = await TestSite.StartAsync(hub.Address);
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["always"] = "always" };
        await hub.CommitAsync([.. Api("always", gateway: FakeHub.Gateway)]);
        var changes = 0;
        long seen = 0;

        await _schedules.SampleAsync(async schedule =>
        {
            foreach (var (step, number) in schedule)
            {
                await DoAsync(step, $"api-{number}");
            }

            await DoAsync(Step.HubBack, "");
            await DoAsync(Step.StoreBack, "");
            await site.Puller.PullAsync(CancellationToken.None);
            await site.Publisher.RefreshAsync();

            var served = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var api in site.Apis)
            {
                served[api] = (await site.ReadAsync(ChunkKind.Api, api, PublicationJson.Default.ApiChunk)).Path;
            }

            Assert.Equal(paths, served);
            Assert.True(site.Publisher.State is null || site.Publisher.State.Manifest.Number >= seen);
            seen = site.Publisher.State?.Manifest.Number ?? 0;
        }, iter: 30, threads: 1);

        async Task DoAsync(Step step, string api)
        {
            switch (step)
            {
                case Step.Change:
                    paths[api] = $"path-{++changes}";
                    await hub.CommitAsync([.. Api(api, gateway: FakeHub.Gateway), Put($"/apis/{api}", $$"""{"displayName":"{{api}}","path":"{{paths[api]}}"}""")]);
                    break;
                case Step.Remove when paths.Remove(api):
                    await hub.CommitAsync(Gone($"/gateways/{FakeHub.Gateway}/apis/{api}"));
                    break;
                case Step.HubAway:
                    hub.Instead = Answers.Status(503);
                    break;
                case Step.HubBroken:
                    hub.Instead = Answers.Half("chunks");
                    break;
                case Step.HubBack:
                    hub.Instead = null;
                    break;
                case Step.StoreAway:
                    site.Services.Faults.IsDown = true;
                    break;
                case Step.StoreBack:
                    site.Services.Faults.IsDown = false;
                    break;
                case Step.Restart when !site.Services.Faults.IsDown:
                    await site.RestartAsync();
                    break;
                case Step.Pull:
                    await PullAsync(site);
                    break;
            }
        }
    }

    // As far as it goes while something may be away.
    private static async Task PullAsync(TestSite site)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        try
        {
            await site.Puller.PullAsync(bound.Token);
            await site.Publisher.RefreshAsync();
        }
        catch (OperationCanceledException)
        {
            Assert.True(bound.IsCancellationRequested);
        }
        catch (StackExchange.Redis.RedisException)
        {
            Assert.True(site.Services.Faults.IsDown);
        }
    }
}
