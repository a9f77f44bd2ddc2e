using Gateway.Hosting.Running;
using System.Text.Json.Nodes;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;

namespace Gateway.Cli.Apply;

/// <summary>Sends a folder to a management API as one change set, or as several when it is larger than one may be, and says what came of it.</summary>
internal static class FolderApplier
{
    /// <summary>
    /// Reads and sends the folder. The answer is the catalog version that has it all, or null when it was refused, which was said with every reason. Of several change sets those before the one that was
    /// refused are in force.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="client">Where to send it.</param>
    /// <param name="output">Gets the summary, and warnings and errors with their files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="adapt">Changes a resource before it is sent.</param>
    public static async Task<long?> ApplyAsync(
        string folder, ManagementClient client, Output output, CancellationToken cancellationToken, Action<FolderChange>? adapt = null)
    {
        var content = Read(folder);
        foreach (var change in content.Changes)
        {
            adapt?.Invoke(change);
        }

        foreach (var warning in content.Warnings)
        {
            await output.Messages.WriteLineAsync($"warning: {warning}");
        }

        if (content.Errors.Count > 0)
        {
            await WriteErrorsAsync(output, folder, content.Errors);
            return null;
        }

        var sets = FolderChangeSets.Split(content.Changes);
        if (sets.Count > 1)
        {
            await output.Messages.WriteLineAsync($"The folder holds more than one change set may: it is sent in {sets.Count} change sets, one after the other, and each is published when it is there.");
        }

        var outcomes = new List<CommitOutcome>();
        var version = 0L;
        for (var sent = 0; sent < sets.Count; sent++)
        {
            var answer = await client.CommitAsync(ChangeSet(sets[sent]), cancellationToken);
            if (answer.Errors.Count > 0)
            {
                await WriteErrorsAsync(output, folder, answer.Errors.Select(error => Locate(error, sets[sent])), sent, sets.Count);
                return null;
            }

            if (answer.Ignored is not null)
            {
                await output.Messages.WriteLineAsync($"warning: the server does not know, and ignored: {answer.Ignored}");
            }

            outcomes.AddRange(answer.Outcomes);
            version = answer.Version;
        }

        await WriteSummaryAsync(output, outcomes, version);
        return version;
    }

    private static FolderContent Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ExitException(ExitCodes.Setting, $"The folder {folder} does not exist.");
        }

        var content = FolderReader.Read(folder);
        return content.Changes.Count > 0 || content.Errors.Count > 0
            ? content
            : throw new ExitException(ExitCodes.Setting, $"The folder {folder} holds nothing to apply: expected folders like `apis`, `products`, `named values`, or a policy.xml.");
    }

    private static JsonObject ChangeSet(IEnumerable<FolderChange> changes) => new()
    {
        ["changes"] = new JsonArray([.. changes.Select(change => (JsonNode)new JsonObject
        {
            ["op"] = "put",
            ["id"] = change.Id,
            ["properties"] = change.Properties,
        })]),
    };

    private static FolderError Locate(CommitError error, IReadOnlyList<FolderChange> changes)
    {
        var where = error.Target is null ? "" : $"{error.Target}: ";
        return error.Index is { } index && index >= 0 && index < changes.Count
            ? new FolderError(changes[index].FileOf(error.Target), $"{where}{error.Message}")
            : new FolderError("", $"{where}{error.Message}");
    }

    private static async Task WriteErrorsAsync(Output output, string folder, IEnumerable<FolderError> errors, int sent = 0, int sets = 1)
    {
        var count = 0;
        foreach (var error in errors)
        {
            count++;
            await output.Messages.WriteLineAsync($"{Path.Combine(folder, error.File)}: {error.Message}");
        }

        var because = $"Refused because of {count} {(count == 1 ? "error" : "errors")}";
        await output.Messages.WriteLineAsync(sent == 0
            ? $"{because}; nothing was changed."
            : $"{because} in change set {sent + 1} of {sets}; what was sent before it is in force. Mend the folder and apply it again: what is there already is left as it is.");
    }

    private static async Task WriteSummaryAsync(Output output, IReadOnlyList<CommitOutcome> outcomes, long version)
    {
        foreach (var outcome in outcomes.Where(outcome => outcome.Outcome != "unchanged"))
        {
            await output.Result.WriteLineAsync($"{outcome.Outcome} {outcome.Id}");
        }

        int Count(string outcome) => outcomes.Count(entry => entry.Outcome == outcome);
        await output.Result.WriteLineAsync(
            $"{Count("created")} created, {Count("updated")} updated, {Count("unchanged")} unchanged, {Count("deleted")} deleted; catalog version {version}.");
    }
}
