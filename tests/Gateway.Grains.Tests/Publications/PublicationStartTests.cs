using Gateway.Contracts.Catalog;
using Gateway.Grains.Storage;

namespace Gateway.Grains.Tests.Publications;

/// <summary>What a silo that starts wakes.</summary>
public sealed class PublicationStartTests
{
    [Fact]
    public async Task Gateway_WhosePublicationCannotBeRead_DoesNotKeepOthersFromBeingWoken()
    {
        await using var site = await PublicationCluster.StartAsync(TimeSpan.FromHours(1), losesNotices: true);
        var first = await site.CurrentAsync();
        var (keys, database) = (new KeySpace("test"), site.Store.Connection.GetDatabase());
        await site.CommitAsync(Catalog.Changes.Put("/gateways/branch", """{"locationData":{"name":"Branch"}}"""));
        Assert.False(await database.KeyExistsAsync(keys.Manifest("branch")));

        // The grain is on one of both silos; when each was stopped once, only the store knows.
        await database.StringSetAsync(keys.Manifest(CatalogKeys.ManagedGateway, first.Number), "damaged");
        await site.StopSiloAsync(1);
        await site.AddSiloAsync();
        await site.StopSiloAsync(0);
        await site.AddSiloAsync();

        for (var tries = 0; !await database.KeyExistsAsync(keys.Manifest("branch")); tries++)
        {
            Assert.True(tries < 600, "The publications of the other gateway are not woken.");
            await Task.Delay(100);
        }
    }
}
