using Gateway.Contracts.Publications;
using Gateway.Edge.Publications;
using Gateway.Hosting.Running;

namespace Gateway.Edge.Tests.Publications;

public sealed class TrustTests : IAsyncLifetime
{
    private readonly FeedHarness _edge = new();

    public Task InitializeAsync() => _edge.StartAsync();

    public async Task DisposeAsync() => await _edge.DisposeAsync();

    [Fact]
    public async Task FirstKey_IsPinnedAndAnotherIsRejectedAlsoAfterARestart()
    {
        var first = _edge.Silo.Publish(1);
        await _edge.RunsAsync(first);
        using var other = ManifestSigner.Create();
        _edge.Silo = new FakeSilo(_edge.Key, other);
        _edge.Silo.Publish(2);

        await _edge.UntilAsync(() => _edge.Silo.Polls > 0, "the other silo is asked");
        await _edge.RejectsAsync(2);
        Assert.Contains("this edge trusts key", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
        Assert.Contains(_edge.In(TrustStore.FileName), _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);

        await _edge.StopAsync();
        Directory.Delete(_edge.In("backup"), recursive: true);
        _edge.Silo = new FakeSilo(_edge.Key, other);
        _edge.Silo.Publish(3);
        await _edge.StartAsync();
        await _edge.UntilAsync(() => _edge.Silo.Polls > 1, "asked again");
        await _edge.RejectsAsync(3);
        Assert.Null(_edge.State.Running);
        Assert.Contains("this edge trusts key", Assert.Single(_edge.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_SignedByThePinnedOne_TakesItsPlace_AndTheOldOneIsRefusedFromThenOn()
    {
        await _edge.RunsAsync(_edge.Silo.Publish(1));
        using var next = _edge.Signer.Next();
        using var last = next.Next();
        var old = _edge.Silo;
        _edge.Silo = new FakeSilo(_edge.Key, last);
        var second = _edge.Silo.Publish(2);
        await _edge.RunsAsync(second);
        Assert.Equal(
            new[] { last, _edge.Signer }.Select(signer => ManifestVerifier.Fingerprint(signer.PublicKey)), EdgeTrust.Fingerprints(_edge.In()));

        old.Publish(3);
        _edge.Silo = old;
        await _edge.RejectsAsync(3);

        await _edge.StopAsync();
        _edge.Silo = new FakeSilo(_edge.Key, last);
        await _edge.StartAsync();
        await _edge.RunsAsync(_edge.Silo.Publish(4));
    }

    [Fact]
    public async Task Backup_OfTheKeyBefore_IsStillGoodWhenThePinHasMoved()
    {
        var first = _edge.Silo.Publish(1);
        await _edge.IsKeptAsync(first);
        await _edge.StopAsync();
        using var next = _edge.Signer.Next();
        TrustStore.Open(Options()).Pin(next.Sign(first));
        _edge.Silo.IsDown = true;

        await _edge.StartAsync();

        await _edge.RunsAsync(first);
    }

    [Fact]
    public async Task ConfiguredKey_IsFollowedToo()
    {
        using var next = _edge.Signer.Next();
        await _edge.StopAsync();
        var file = _edge.In("trusted.pem");
        await File.WriteAllTextAsync(file, System.Security.Cryptography.PemEncoding.WriteString("PUBLIC KEY", _edge.Signer.PublicKey));
        _edge.Silo = new FakeSilo(_edge.Key, next);
        await _edge.StartAsync(options => options with { PublicKeyFile = file });

        await _edge.RunsAsync(_edge.Silo.Publish(2));

        Assert.False(File.Exists(_edge.In(TrustStore.FileName)));
    }

    [Fact]
    public async Task ConfiguredKey_IsTheOnlyOneTrusted()
    {
        using var other = ManifestSigner.Create();
        await _edge.StopAsync();
        var file = _edge.In("trusted.pem");
        await File.WriteAllTextAsync(file, System.Security.Cryptography.PemEncoding.WriteString("PUBLIC KEY", other.PublicKey));
        _edge.Silo.Publish(1);
        await _edge.StartAsync(options => options with { PublicKeyFile = file });
        await _edge.RejectsAsync(1);
        Assert.Contains("Gateway:Trust:PublicKeyFile", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);

        _edge.Silo = new FakeSilo(_edge.Key, other);

        await _edge.RunsAsync(_edge.Silo.Publish(2));
    }

    [Fact]
    public async Task NewestSeen_IsNeverUndercutAfterARestart()
    {
        await _edge.RunsAsync(_edge.Silo.Publish(7));
        await _edge.StopAsync();
        Directory.Delete(_edge.In("backup"), recursive: true);
        _edge.Silo = new FakeSilo(_edge.Key, _edge.Signer);
        _edge.Silo.Publish(6);
        await _edge.StartAsync();

        await _edge.UntilAsync(() => _edge.Silo.Polls > 1, "asked");
        await _edge.RejectsAsync(6);

        Assert.Null(_edge.State.Running);
        await _edge.RunsAsync(_edge.Silo.Publish(7));
    }

    [Theory]
    [InlineData("8", false)]
    [InlineData("7", true)]
    [InlineData("L/8", false)]
    [InlineData("L/7", true)]
    [InlineData("K/900", true)]
    [InlineData("X/1", false)]
    public async Task Minimum_OfTheSettings_IsTheFloorOfWhatIsAccepted(string minimum, bool accepted)
    {
        await _edge.StopAsync();
        var manifest = _edge.Silo.Publish("L", ["K"], 7);
        await _edge.StartAsync(options => options with { MinimumPublication = minimum });

        if (accepted)
        {
            await _edge.RunsAsync(manifest);
        }
        else
        {
            await _edge.RejectsAsync(7);
            Assert.Contains("MinimumPublication", _edge.Silo.LastPoll.RejectedBecause, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void KeyFile_ThatIsNone_EndsTheProcessWithASentence()
    {
        var file = _edge.In("no.pem");
        File.WriteAllText(file, "nothing");

        var configured = Assert.Throws<ExitException>(() => TrustStore.Open(Options() with { PublicKeyFile = file }));
        Assert.Equal(ExitCodes.Setting, configured.Code);
        Assert.Contains("Gateway:Trust:PublicKeyFile", configured.Message, StringComparison.Ordinal);

        File.WriteAllText(_edge.In("sub"), "");
        File.WriteAllText(_edge.In(TrustStore.FileName), "nothing");
        File.WriteAllText(_edge.In(PublicationFloor.FileName), "nothing");
        Assert.Equal(ExitCodes.DataFolder, Assert.Throws<ExitException>(() => TrustStore.Open(Options())).Code);
        Assert.Equal(ExitCodes.DataFolder, Assert.Throws<ExitException>(() => PublicationFloor.Open(Options())).Code);
    }

    private PublicationFeedOptions Options() => new() { Gateway = "managed", Node = "n", DataPath = _edge.In() };
}
