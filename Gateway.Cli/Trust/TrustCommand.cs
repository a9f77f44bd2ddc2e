using System.CommandLine;
using Gateway.Cli.Commands;
using Gateway.Edge.Publications;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Trust;

/// <summary><c>gateway trust show|reset</c>: whose publications the edge of a data folder accepts.</summary>
internal static class TrustCommand
{
    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var data = new Option<string>("--data") { Description = "The edge's data folder.", DefaultValueFactory = _ => DataOption.Default };
        var show = new Command("show", "Show the fingerprint of the key that signs the publications this edge accepts.") { data };
        show.SetAction((parsed, _) => ShowAsync(output, Folder(parsed.GetRequiredValue(data))));
        var backup = new Option<string?>("--backup") { Description = "The folder of the edge's backup. Default: backup in the data folder." };
        var reset = new Command("reset", "Forget the key: the edge accepts the first one that it sees when it starts again. The edge must not run.") { data, backup };
        reset.SetAction((parsed, _) => ResetAsync(output, Folder(parsed.GetRequiredValue(data)), parsed.GetValue(backup)));
        return new Command("trust", "Whose publications an edge accepts.") { show, reset };
    }

    private static async Task<int> ShowAsync(Output output, string folder)
    {
        var fingerprints = EdgeTrust.Fingerprints(folder);
        foreach (var (age, fingerprint) in fingerprints.Index())
        {
            await output.Result.WriteLineAsync(age == 0 ? fingerprint : $"{fingerprint} (before)");
        }

        if (fingerprints.Count == 0)
        {
            await output.Messages.WriteLineAsync($"No key is pinned in {folder}: an edge that starts there accepts the first one that it sees, unless Gateway:Trust:PublicKeyFile names one.");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> ResetAsync(Output output, string folder, string? backup)
    {
        using var held = DataFolder.Open(folder);
        var (fingerprints, seen) = (EdgeTrust.Fingerprints(folder), EdgeTrust.Seen(folder));
        await output.Messages.WriteLineAsync(
            "When this edge starts again it accepts the publications of whichever silos it reaches first, and their key from then on. Do this only when the site was set up anew, "
            + "and start the edge where only its own silos answer. Its backup and the number of the publication it ran last are forgotten, too: without a silo it does not become ready.");
        var removed = Remove(folder, backup ?? Path.Combine(folder, EdgeTrust.BackupFolder));
        await output.Result.WriteLineAsync(
            removed.Count == 0 ? "nothing was pinned" : $"forgotten: key {(fingerprints.Count == 0 ? "-" : fingerprints[0])}, publication {seen?.ToString() ?? "-"}");
        return ExitCodes.Done;
    }

    private static IReadOnlyList<string> Remove(string folder, string backup)
    {
        try
        {
            return EdgeTrust.Reset(folder, backup);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.DataFolder, $"The trust of {folder} cannot be reset: {refused.Message}", refused);
        }
    }

    private static string Folder(string path) => Directory.Exists(path)
        ? Path.GetFullPath(path)
        : throw new ExitException(ExitCodes.Setting, $"There is no data folder {Path.GetFullPath(path)}; --data names it.");
}
