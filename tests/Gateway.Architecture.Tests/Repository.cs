using System.Diagnostics;

namespace Gateway.Architecture.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] _generated = ["artifacts", "bin", "obj", ".git", "node_modules", "TestResults", "data", ".vs", ".idea"];

    /// <summary>The folder that holds <c>Cluster.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file that is or would be committed, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. (TrackedFiles() ?? FilesOnDisk()).Order(StringComparer.Ordinal)];

    /// <summary>The projects outside <c>tests</c>, <c>benchmarks</c> and <c>samples</c>, by name.</summary>
    public static IReadOnlyList<string> Products { get; } =
        [.. Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) && file.Split('/').Length == 2).Select(file => file.Split('/')[0])];

    public static string Absolute(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(Absolute(file));

    /// <summary>The compiled assembly of a product, in the configuration that this test runs in.</summary>
    public static string Assembly(string project) => Output(project, AssemblyName(project) + ".dll");

    /// <summary>A file in the build output of a product.</summary>
    public static string Output(string project, string file)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Root, "artifacts", "bin", project, configuration, file);
    }

    public static string AssemblyName(string project) => project == "Gateway.Cli" ? "gateway" : project;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cluster.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"Cluster.sln was not found above {AppContext.BaseDirectory}.");
    }

    /// <summary>What git would commit; null outside a work tree or without git.</summary>
    private static List<string>? TrackedFiles()
    {
        if (!Path.Exists(Path.Combine(Root, ".git")))
        {
            return null;
        }

        var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, WorkingDirectory = Root };
        foreach (var argument in (string[])["-c", "safe.directory=*", "-c", "core.quotePath=false", "ls-files", "--cached", "--others", "--exclude-standard"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using var git = Process.Start(start)!;
            var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 ? [.. files.Where(file => File.Exists(Absolute(file)))] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> FilesOnDisk() =>
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Intersect(_generated).Any());
}
