using System.Collections.Concurrent;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;
using Gateway.Edge.Publications;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Tests.Publications;

public sealed class PublicationBackupTests : IAsyncLifetime
{
    private readonly FeedHarness _edge = new();

    public Task InitializeAsync() => _edge.StartAsync();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task Edge_WithoutASilo_StartsFromItsBackupAndTakesWhatComesLater()
    {
        var second = await TwoPublicationsAsync();
        await RestartWithoutSiloAsync();

        await _edge.RunsAsync(second);
        Assert.Equal(["a", "b"], FeedHarness.Apis(Assert.Single(_edge.Sink.Applied)).Select(api => api.Id));
        Assert.Empty(_edge.Reasons);

        _edge.Silo.IsDown = false;
        await _edge.UntilAsync(() => _edge.Silo.LastPoll.Running == second.Id, "the backup's publication is confirmed");
        await _edge.RunsAsync(_edge.Silo.Publish(3));
    }

    [Fact]
    public async Task Edge_WithASilo_DoesNotServeItsBackup()
    {
        await TwoPublicationsAsync();
        await _edge.StopAsync();
        var third = _edge.Silo.Publish(3, FeedHarness.Api("c"));

        await _edge.StartAsync();

        await _edge.RunsAsync(third);
        Assert.Equal(third.Id, Assert.Single(_edge.Sink.Applied).Manifest.Id);
    }

    [Fact]
    public async Task Edge_WhoseSilosHaveNothing_StartsFromItsBackupAndTakesWhatComesLater()
    {
        var second = await TwoPublicationsAsync();
        await _edge.StopAsync();
        _edge.Silo = new FakeSilo(_edge.Key, _edge.Signer);

        await _edge.StartAsync();

        await _edge.RunsAsync(second);
        await _edge.RunsAsync(_edge.Silo.Publish(3));
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("gone")]
    public async Task Manifest_Damaged_LetsThePreviousOneServe(string damage)
    {
        await TwoPublicationsAsync();
        await _edge.StopAsync();
        Damage(_edge.In("backup", "manifest"), damage);
        _edge.Silo.IsDown = true;
        await _edge.StartAsync();

        await _edge.UntilAsync(() => _edge.State.Running?.Number == 1, "the previous publication serves");

        _edge.Silo.IsDown = false;
        await _edge.UntilAsync(() => _edge.State.Running?.Number == 2, "the newest comes from the silos again");
    }

    [Theory]
    [InlineData("flip", "api")]
    [InlineData("cut", "api")]
    [InlineData("empty", "api")]
    [InlineData("gone", "api")]
    [InlineData("flip", "page")]
    [InlineData("gone", "page")]
    public async Task Chunk_Damaged_LetsThePreviousOneServeAndIsWrittenAgain(string damage, string chunk)
    {
        var second = await TwoPublicationsAsync();
        await _edge.StopAsync();
        var file = _edge.In("backup", "chunks", chunk == "page" ? second.Chunks.Single(head => head.Id == IndexPage.Id(IndexPage.Of(ChunkKind.Api, "b"))).Name : _edge.Silo.Put(FeedHarness.Api("b")).Name);
        var whole = new FileInfo(file).Length;
        Damage(file, damage);
        _edge.Silo.IsDown = true;
        await _edge.StartAsync();
        await _edge.UntilAsync(() => _edge.State.Running?.Number == 1, "the previous publication serves");

        _edge.Silo.IsDown = false;
        await _edge.RunsAsync(second);

        await _edge.UntilAsync(() => File.Exists(file) && new FileInfo(file).Length == whole, "the chunk is whole again");
        await RestartWithoutSiloAsync();
        await _edge.RunsAsync(second);
    }

    [Fact]
    public async Task Backup_WhollyDamaged_KeepsTheEdgeFromBeingReadyAndSaysWhy()
    {
        await TwoPublicationsAsync();
        await _edge.StopAsync();
        Damage(_edge.In("backup", "manifest"), "flip");
        Damage(_edge.In("backup", "manifest.previous"), "flip");
        _edge.Silo.IsDown = true;
        await _edge.StartAsync();

        await _edge.UntilAsync(() => _edge.Reasons.Any(reason => reason.Contains("no backup that can be used", StringComparison.Ordinal)), "the reason");
        Assert.Null(_edge.State.Running);
    }

    [Fact]
    public async Task Backup_SwitchedOff_IsNotWrittenAndTheReasonSaysSo()
    {
        await _edge.StopAsync();
        _edge.Silo.IsDown = true;
        await _edge.StartAsync(options => options with { BackupPath = null });

        await _edge.UntilAsync(() => _edge.Reasons.Any(reason => reason.Contains("no backup is kept", StringComparison.Ordinal)), "the reason");
        _edge.Silo.IsDown = false;
        await _edge.RunsAsync(_edge.Silo.Publish(1));
        Assert.False(Directory.Exists(_edge.In("backup")));
    }

    [Fact]
    public async Task Backup_OfAnotherKey_IsNotUsed()
    {
        await _edge.StopAsync();
        await _edge.StartAsync(WithKeys(SiteKey.Generate()));
        await TwoPublicationsAsync();
        await _edge.StopAsync();
        _edge.Silo.IsDown = true;

        await _edge.StartAsync(WithKeys(SiteKey.Generate()));

        await _edge.UntilAsync(() => _edge.Reasons.Any(reason => reason.Contains("no backup that can be used", StringComparison.Ordinal)), "the reason");
    }

    [Fact]
    public async Task Backup_WhoseKeyIsReplaced_OpensMeanwhileAndIsSealedAnewWhole()
    {
        var (first, second) = (SiteKey.Generate(), SiteKey.Generate());
        var before = await TwoPublicationsAsync();

        // From the derived key to one of a file, while no silo answers.
        await _edge.StopAsync();
        _edge.Silo.IsDown = true;
        await _edge.StartAsync(WithKeys(first));
        await _edge.RunsAsync(before);
        _edge.Silo.IsDown = false;
        await BackedUpAsync(_edge.Silo.Publish(3, FeedHarness.Api("a"), FeedHarness.Api("b"), FeedHarness.Api("c")));

        // From there to the next, with the one before it on the second line until a publication was written.
        await _edge.StopAsync();
        await _edge.StartAsync(WithKeys(second, first));
        var last = _edge.Silo.Publish(4, FeedHarness.Api("a"), FeedHarness.Api("b"));
        await BackedUpAsync(last);

        await _edge.StopAsync();
        var boxes = second.Box("backup");
        Assert.All(Directory.EnumerateFiles(_edge.In("backup"), "*", SearchOption.AllDirectories), file => Assert.True(boxes.IsOf(File.ReadAllBytes(file)), file));
        _edge.Silo.IsDown = true;
        await _edge.StartAsync(WithKeys(second));
        await _edge.RunsAsync(last);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("edge:AAAA")]
    public async Task KeyFile_WithoutAKey_EndsTheProcessAndNamesTheSetting(string content)
    {
        await _edge.StopAsync();
        var file = _edge.In("backup.key");
        await File.WriteAllTextAsync(file, content);

        var refused = await Assert.ThrowsAsync<ExitException>(() => _edge.StartAsync(options => options with { BackupKeyFile = file }));

        Assert.Equal(ExitCodes.Setting, refused.Code);
        Assert.Contains($"Gateway:Backup:KeyFile names {file}", refused.Message, StringComparison.Ordinal);
        await _edge.StartAsync();
    }

    private Func<PublicationFeedOptions, PublicationFeedOptions> WithKeys(params SiteKey[] keys)
    {
        var file = _edge.In("backup.key");
        File.WriteAllLines(file, keys.Select(key => key.Export()));
        return options => options with { BackupKeyFile = file };
    }

    [Fact]
    public async Task Backup_HoldsNothingReadable_AndOnlyWhatItNeeds()
    {
        await TwoPublicationsAsync();
        await BackedUpAsync(_edge.Silo.Publish(3, FeedHarness.Api("canary-api")));
        await BackedUpAsync(_edge.Silo.Publish(4, FeedHarness.Api("canary-api", "again")));
        await _edge.StopAsync();

        var files = Directory.EnumerateFiles(_edge.In("backup"), "*", SearchOption.AllDirectories).ToArray();
        Assert.All(files, file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("canary-api"u8)));
        
        // Two manifests, the service-wide part, and an API with its page for each.
        Assert.Equal(2 + 1 + 2 + 2, files.Length);
        await _edge.StartAsync();
    }

    [Fact]
    public async Task Backup_OverManyPublicationsAndARestart_HoldsTwoAndServesTheNewest()
    {
        await TwoPublicationsAsync();
        for (var number = 3; number < 8; number++)
        {
            await BackedUpAsync(_edge.Silo.Publish(number, FeedHarness.Api("a", $"{number % 2}"), FeedHarness.Api("b")));
        }

        await _edge.StopAsync();
        await _edge.StartAsync();
        for (var number = 8; number < 12; number++)
        {
            await BackedUpAsync(_edge.Silo.Publish(number, FeedHarness.Api("a", $"{number % 2}"), FeedHarness.Api("c")));
        }

        var last = _edge.Silo.Publish(12, FeedHarness.Api("c"));
        await BackedUpAsync(last);
        Assert.Equal(2 + 1 + 2 + 2, Directory.EnumerateFiles(_edge.In("backup"), "*", SearchOption.AllDirectories).Count());
        await RestartWithoutSiloAsync();
        await _edge.RunsAsync(last);
    }

    [Fact]
    public async Task Disk_ThatDoesNotAnswer_DelaysNoPublication_AndThenGetsTheNewestOnly()
    {
        var disk = new StuckBackup();
        await _edge.StopAsync();
        _edge.Backup = disk;
        await _edge.StartAsync();
        await _edge.RunsAsync(_edge.Silo.Publish(1, FeedHarness.Api("a")));
        await disk.Begun.WaitAsync(TimeSpan.FromSeconds(20));

        // Nothing but the feed itself can bring these while the disk holds the first.
        await _edge.RunsAsync(_edge.Silo.Publish(2, FeedHarness.Api("a"), FeedHarness.Api("b")));
        var third = _edge.Silo.Publish(3, FeedHarness.Api("a"), FeedHarness.Api("c"));
        await _edge.RunsAsync(third);
        Assert.Null(_edge.Keeper.Kept);

        disk.Release();
        await _edge.IsKeptAsync(third);
        Assert.Equal([1L, 3L], disk.Written.Select(written => written.Number));
        Assert.Contains(_edge.Silo.Put(FeedHarness.Api("c")).Name, disk.Written.Last().Bodies);
    }

    [Fact]
    public async Task Publications_WithinThePeriod_AreWrittenOnceAndTheNewestAtTheEnd()
    {
        await _edge.StopAsync();
        await _edge.StartAsync(options => options with { BackupPeriod = TimeSpan.FromMinutes(1) });
        var first = _edge.Silo.Publish(1, FeedHarness.Api("a"));
        await BackedUpAsync(first);

        await _edge.RunsAsync(_edge.Silo.Publish(2, FeedHarness.Api("b")));
        var third = _edge.Silo.Publish(3, FeedHarness.Api("c"));
        await _edge.RunsAsync(third);
        Assert.Equal(first.Id, _edge.Keeper.Kept?.Id);

        // Stopping waits for no period.
        await RestartWithoutSiloAsync();
        await _edge.RunsAsync(third);
        Assert.True(File.Exists(_edge.In("backup", "chunks", _edge.Silo.Put(FeedHarness.Api("c")).Name)));
        Assert.False(File.Exists(_edge.In("backup", "chunks", _edge.Silo.Put(FeedHarness.Api("b")).Name)));
    }

    [Fact]
    public async Task Publication_BehindThePeriod_IsWritten()
    {
        await _edge.StopAsync();
        await _edge.StartAsync(options => options with { BackupPeriod = TimeSpan.FromMilliseconds(200) });
        await BackedUpAsync(_edge.Silo.Publish(1, FeedHarness.Api("a")));
        await BackedUpAsync(_edge.Silo.Publish(2, FeedHarness.Api("b")));
    }

    private async Task<Manifest> TwoPublicationsAsync()
    {
        await BackedUpAsync(_edge.Silo.Publish(1, FeedHarness.Api("a")));
        var second = _edge.Silo.Publish(2, FeedHarness.Api("a"), FeedHarness.Api("b"));
        await BackedUpAsync(second);
        return second;
    }

    private async Task BackedUpAsync(Manifest manifest)
    {
        await _edge.RunsAsync(manifest);
        await _edge.IsKeptAsync(manifest);
    }

    private async Task RestartWithoutSiloAsync()
    {
        await _edge.StopAsync();
        _edge.Silo.IsDown = true;
        await _edge.StartAsync();
    }

    private static void Damage(string file, string damage)
    {
        var content = File.ReadAllBytes(file);
        switch (damage)
        {
            case "flip":
                content[content.Length / 2] ^= 4;
                File.WriteAllBytes(file, content);
                break;
            case "cut":
                File.WriteAllBytes(file, content[..(content.Length / 2)]);
                break;
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            case "gone":
                File.Delete(file);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, "Unknown damage.");
        }
    }

    /// <summary>A disk whose first write does not come back until it is released.</summary>
    private sealed class StuckBackup : IPublicationBackup
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public Task Begun => _begun.Task;

        public ConcurrentQueue<(long Number, string[] Bodies)> Written { get; } = new();

        public void Release() => _released.Set();

        public void Write(SignedManifest signed, PublicationContent content, IReadOnlyDictionary<string, byte[]> bodies)
        {
            _begun.TrySetResult();
            Assert.True(_released.Wait(TimeSpan.FromSeconds(60)));
            Written.Enqueue((content.Manifest.Number, [.. bodies.Keys]));
        }

        public ChunkReference[] Lacking(PublicationContent content) => [];
    }
}
