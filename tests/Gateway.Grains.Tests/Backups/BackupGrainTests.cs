using System.Text;
using Gateway.Contracts.Backups;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Tests.Publications;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Backups;

public sealed class BackupGrainTests
{
    private static readonly TimeSpan _checkPeriod = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Restore_OntoAFlushedStore_BringsEverythingBackInALineageThatEdgesFollow()
    {
        await using var cluster = await PublicationCluster.StartAsync(_checkPeriod);
        await cluster.CommitAsync(Api("a"), NamedValue("n", "hidden", secret: true));
        var before = await ForVersionAsync(cluster, running: null, 1);
        var file = await MakeAsync(cluster);
        await cluster.CommitAsync(Api("b"));
        var last = await ForVersionAsync(cluster, before.Id, 2);

        await cluster.Store.FlushAsync();
        var flushed = await cluster.SubmitAsync(Api("c"));
        var restored = await cluster.Backups.Restore(file, replace: false);
        var after = await cluster.NextAsync(new FeedPosition { Node = "e", Running = last.Id });

        Assert.Equal(ErrorKind.ServiceUnavailable, Assert.Single(flushed.Errors).Code);
        Assert.Contains("gateway restore", flushed.Errors[0].Message, StringComparison.Ordinal);
        Assert.True(restored.IsSuccess, string.Join('\n', restored.Errors.Select(error => error.Message)));
        Assert.Equal(restored.Value.Lineage, after.Lineage);
        Assert.Null(PublicationOrder.Objection(last.Id, after));
        Assert.Equal(await cluster.PartIdsAsync(before), await cluster.PartIdsAsync(after));
        Assert.Equal("""{"value":"hidden"}""", Encoding.UTF8.GetString((await cluster.Reader.GetSecrets("/namedValues/n", CancellationToken.None)).Value!));
        await cluster.CommitAsync(Api("c"));
    }

    [Fact]
    public async Task Restore_OntoALivingCatalog_ReplacesItOnlyWhenTold()
    {
        await using var cluster = await PublicationCluster.StartAsync(_checkPeriod);
        await cluster.CommitAsync(Api("kept"), Api("changed"));
        var file = await MakeAsync(cluster);
        await cluster.CommitAsync(Api("late"), Put("/apis/changed", """{"displayName":"other","path":"changed"}"""));
        var last = await ForVersionAsync(cluster, running: null, 2);

        var refused = await cluster.Backups.Restore(file, replace: false);
        var restored = await cluster.Backups.Restore(file, replace: true);

        Assert.Equal(ErrorKind.Conflict, Assert.Single(refused.Errors).Code);
        Assert.Equal((4, 3), (restored.Value!.Resources, restored.Value.Version));
        var after = await cluster.NextAsync(new FeedPosition { Node = "e", Running = last.Id });
        Assert.Equal(["service", "changed", "kept"], await cluster.PartIdsAsync(after));
        Assert.Contains("changed", Encoding.UTF8.GetString((await cluster.Reader.Get("/apis/changed", CancellationToken.None)).Value!.Properties), StringComparison.Ordinal);

        // The writer's memory of what was replaced is gone: the same content as before the restore is a change again.
        await cluster.CommitAsync(Api("late"));
        Assert.True((await cluster.Reader.Get("/apis/late", CancellationToken.None)).IsSuccess);
    }

    [Fact]
    public async Task Restore_ThatWasCutOff_HoldsUpEverythingUntilItIsRepeated()
    {
        await using var cluster = await PublicationCluster.StartAsync(_checkPeriod);
        await cluster.CommitAsync(Api("a"));
        var file = await MakeAsync(cluster);
        var database = cluster.Store.Connection.GetDatabase();
        var lineage = LineageRecord.FromBytes((byte[])(await database.StringGetAsync("{gw:test}:lineage"))!);
        await database.StringSetAsync("{gw:test}:lineage", (lineage with { IsUnfinished = true }).ToBytes());

        var meanwhile = await cluster.SubmitAsync(Api("b"));
        var repeated = await cluster.Backups.Restore(file, replace: false);

        Assert.Contains("repeat it", Assert.Single(meanwhile.Errors).Message, StringComparison.Ordinal);
        Assert.True(repeated.IsSuccess);
        await cluster.CommitAsync(Api("b"));
    }

    [Theory]
    [InlineData(0, "no backup")]
    [InlineData(60, "damaged")]
    [InlineData(-1, "damaged")]
    public async Task Restore_OfADamagedFile_IsRefusedAndTouchesNothing(int position, string reason)
    {
        await using var cluster = await PublicationCluster.StartAsync(_checkPeriod);
        await cluster.CommitAsync(Api("a"));
        var content = (await MakeAsync(cluster)).Content.ToArray();
        content[position < 0 ? content.Length + position : position] ^= 1;

        var refused = await cluster.Backups.Restore(new BackupFile(content), replace: true);
        var torn = await cluster.Backups.Restore(new BackupFile(content[..(content.Length / 2)]), replace: true);

        Assert.Contains(reason, Assert.Single(refused.Errors).Message, StringComparison.Ordinal);
        Assert.False(torn.IsSuccess);
        Assert.True((await cluster.SubmitAsync(Api("a"))).IsSuccess);
    }

    [Fact]
    public async Task Restore_OfAnotherSitesBackup_IsRefusedWithBothKeys()
    {
        await using var ours = await PublicationCluster.StartAsync(_checkPeriod);
        await using var theirs = await PublicationCluster.StartAsync(_checkPeriod);

        var refused = await ours.Backups.Restore(await MakeAsync(theirs), replace: true);

        Assert.Contains("this process has the key", Assert.Single(refused.Errors).Message, StringComparison.Ordinal);
    }

    private static async Task<BackupFile> MakeAsync(PublicationCluster cluster)
    {
        var made = await cluster.Backups.Make(CancellationToken.None);
        Assert.True(made.IsSuccess, string.Join('\n', made.Errors.Select(error => error.Message)));
        return made.Value;
    }

    private static async Task<Manifest> ForVersionAsync(PublicationCluster cluster, PublicationId? running, long version)
    {
        while (true)
        {
            var next = await cluster.NextAsync(new FeedPosition { Node = "e", Running = running });
            if (next.CatalogVersion >= version)
            {
                return next;
            }

            running = next.Id;
        }
    }
}
