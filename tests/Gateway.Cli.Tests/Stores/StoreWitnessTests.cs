using System.Net;
using Gateway.Cli.Data;
using Gateway.Cli.Stores;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Gateway.Cli.Tests.Stores;

public sealed class StoreWitnessTests
{
    [Theory]
    [InlineData("l", 5, null)]
    [InlineData("l", 6, null)]
    [InlineData("l", 4, "version 4")]
    [InlineData("other", 5, "another installation")]
    [InlineData(null, 0, "lost the catalog")]
    public async Task Check_Store_IsComparedWithWhatWasConfirmed(string? lineage, int version, string? damage)
    {
        using var temporary = new TemporaryFolder();
        using var folder = DataFolder.Open(temporary.Path);
        new StateFile { Started = true, Lineage = "l", Version = 5 }.Save(folder);
        using var store = EmbeddedStore.Start(temporary.In("store"), new Ports(new Random()).Free(IPAddress.Loopback), "p", NullLoggerFactory.Instance);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        var database = connection.GetDatabase();
        if (lineage is not null)
        {
            await database.StringSetAsync("{gw:t}:lineage", lineage);
            await database.StringSetAsync("{gw:t}:catalog:version", version);
        }

        var check = new StoreWitness(database, "t", folder).CheckAsync();

        if (damage is null)
        {
            await check;
            return;
        }

        var exception = await Assert.ThrowsAsync<ExitException>(() => check);
        Assert.Equal(ExitCodes.DataFolder, exception.Code);
        Assert.Contains(damage, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remember_StoreThatWasEmptied_KeepsWhatWasConfirmed()
    {
        using var temporary = new TemporaryFolder();
        using var folder = DataFolder.Open(temporary.Path);
        using var store = EmbeddedStore.Start(temporary.In("store"), new Ports(new Random()).Free(IPAddress.Loopback), "p", NullLoggerFactory.Instance);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        var database = connection.GetDatabase();
        await database.StringSetAsync("{gw:t}:lineage", "l");
        await database.StringSetAsync("{gw:t}:catalog:version", 3);
        var witness = new StoreWitness(database, "t", folder);

        await witness.RememberAsync();
        await database.KeyDeleteAsync(["{gw:t}:lineage", "{gw:t}:catalog:version"]);
        await witness.RememberAsync();

        Assert.Equal(new StateFile { Started = true, Lineage = "l", Version = 3 }, StateFile.Load(folder));
    }
}
