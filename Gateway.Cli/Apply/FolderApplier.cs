using Gateway.Hosting.Running;
using System.Text.Json.Nodes;
using Gateway.Cli.Commands;
using Gateway.Cli.Management;

namespace Gateway.Cli.Apply;

/// <summary>Sends a folder to a management API as one change set, and says what came of it.</summary>
internal static class FolderApplier
{
    /// <summary>Reads and sends the folder. The answer is the catalog version that has it all, or null when it was refused, which was said with every reason.</summary>
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

        var answer = await client.CommitAsync(ChangeSet(content.Changes), cancellationToken);
        if (answer.Errors.Count > 0)
        {
            await WriteErrorsAsync(output, folder, answer.Errors.Select(error => Locate(error, content.Changes)));
            return null;
        }

        if (answer.Ignored is not null)
        {
            await output.Messages.WriteLineAsync($"warning: the server does not know, and ignored: {answer.Ignored}");
        }

        await WriteSummaryAsync(output, answer);
        return answer.Version;
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

    private static async Task WriteErrorsAsync(Output output, string folder, IEnumerable<FolderError> errors)
    {
        var count = 0;
        foreach (var error in errors)
        {
            count++;
            await output.Messages.WriteLineAsync($"{Path.Combine(folder, error.File)}: {error.Message}");
        }

        await output.Messages.WriteLineAsync($"Refused because of {count} {(count == 1 ? "error" : "errors")}; nothing was changed.");
    }

    private static async Task WriteSummaryAsync(Output output, CommitAnswer answer)
    {
        foreach (var outcome in answer.Outcomes.Where(outcome => outcome.Outcome != "unchanged"))
        {
            await output.Result.WriteLineAsync($"{outcome.Outcome} {outcome.Id}");
        }

        int Count(string outcome) => answer.Outcomes.Count(entry => entry.Outcome == outcome);
        await output.Result.WriteLineAsync(
            $"{Count("created")} created, {Count("updated")} updated, {Count("unchanged")} unchanged, {Count("deleted")} deleted; catalog version {answer.Version}.");
    }
}
