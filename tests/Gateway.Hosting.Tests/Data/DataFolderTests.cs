using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Hosting.Tests.Data;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_FolderInUse_EndsWithItsCodeAndName()
    {
        using var first = DataFolder.Open(_folder.In("data"));

        var exit = Assert.Throws<ExitException>(() => DataFolder.Open(_folder.In("data")));

        Assert.Equal(ExitCodes.DataFolder, exit.Code);
        Assert.StartsWith($"The data folder {first.Root} (Gateway:Data:Path) is in use by another process", exit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterTheFormerHasGone_TakesTheFolder()
    {
        DataFolder.Open(_folder.In("data")).Dispose();

        using var second = DataFolder.Open(_folder.In("data"));

        Assert.True(Directory.Exists(second.Root));
    }

    [Fact]
    public void Open_PathOfAFile_EndsWithTheFoldersCode()
    {
        File.WriteAllText(_folder.In("file"), "");

        Assert.Equal(ExitCodes.DataFolder, Assert.Throws<ExitException>(() => DataFolder.Open(_folder.In("file"))).Code);
    }

    [Fact]
    public void ReadOrMake_MissingFile_IsMadeOnceForItsOwner()
    {
        using var data = DataFolder.Open(_folder.Path);

        Assert.Equal("first", data.ReadOrMake("secret", () => "first"));
        Assert.Equal("first", data.ReadOrMake("secret", () => "second"));
        Assert.False(PrivateFile.IsOpenToOthers(data.In("secret")));
    }

    [Fact]
    public void ReadOrMake_EmptyFile_IsDamage()
    {
        using var data = DataFolder.Open(_folder.Path);
        File.WriteAllText(data.In("secret"), "\n");

        var exit = Assert.Throws<ExitException>(() => data.ReadOrMake("secret", () => "x"));

        Assert.Equal(ExitCodes.DataFolder, exit.Code);
        Assert.EndsWith("is damaged, secret: it is empty.", exit.Message, StringComparison.Ordinal);
    }
}
