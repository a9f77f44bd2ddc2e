using System.Security.Cryptography;
using Gateway.Contracts.Publications;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Trust;

public sealed class TrustCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManifestSigner _first = ManifestSigner.Create();
    private readonly ManifestSigner _second;

    public TrustCommandTests() => _second = _first.Next();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Show_GivesTheFingerprints()
    {
        _folder.With("publication-key.pem", Pem(_second) + Pem(_first));

        var run = await CommandRun.OfAsync("trust", "show", "--data", _folder.Path);

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Equal([ManifestVerifier.Fingerprint(_second.PublicKey), $"{ManifestVerifier.Fingerprint(_first.PublicKey)} (before)"], Lines(run.Result));
    }

    [Fact]
    public async Task Show_WithoutAKey_SaysWhatThatMeans()
    {
        var run = await CommandRun.OfAsync("trust", "show", "--data", _folder.Path);

        Assert.Equal((ExitCodes.Done, ""), (run.Code, run.Result));
        Assert.Contains("accepts the first one that it sees", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_SaysWhatItMeans_AndForgetsKeyNumberAndBackup()
    {
        _folder.With("publication-key.pem", Pem(_first)).With("publication-seen", "L/7").With("backup/manifest", "x").With("backup/manifest.previous", "x").With("site.key", "stays");

        var run = await CommandRun.OfAsync("trust", "reset", "--data", _folder.Path);

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Contains("whichever silos it reaches first", run.Messages, StringComparison.Ordinal);
        Assert.Equal([$"forgotten: key {ManifestVerifier.Fingerprint(_first.PublicKey)}, publication L/7"], Lines(run.Result));
        Assert.Equal(["lock", "site.key"], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)).Order());
        Assert.Equal(["nothing was pinned"], Lines((await CommandRun.OfAsync("trust", "reset", "--data", _folder.Path)).Result));
    }

    [Fact]
    public async Task Reset_WhileTheEdgeRuns_IsRefused()
    {
        _folder.With("publication-key.pem", Pem(_first));
        using var running = DataFolder.Open(_folder.Path);

        var run = await CommandRun.OfAsync("trust", "reset", "--data", _folder.Path);

        Assert.Equal(ExitCodes.DataFolder, run.Code);
        Assert.True(File.Exists(_folder.In("publication-key.pem")));
    }

    [Fact]
    public async Task Folder_ThatIsNotThere_IsNamed()
    {
        var run = await CommandRun.OfAsync("trust", "show", "--data", _folder.In("none"));

        Assert.Equal(ExitCodes.Setting, run.Code);
        Assert.Contains(_folder.In("none"), run.Messages, StringComparison.Ordinal);
    }

    private static string Pem(ManifestSigner signer) => PemEncoding.WriteString("PUBLIC KEY", signer.PublicKey) + "\n";

    private static string[] Lines(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
