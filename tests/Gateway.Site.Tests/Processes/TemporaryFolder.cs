namespace Gateway.Site.Tests.Processes;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gateway-site-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(In(file))!);
        File.WriteAllText(In(file), text);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
