using System.Text.Json.Nodes;

namespace Gateway.Cli.Apply;

/// <summary>One resource that a folder declares.</summary>
/// <param name="Id">Its path below the service.</param>
/// <param name="Properties">Its properties.</param>
/// <param name="File">The file it comes from, relative to the folder.</param>
/// <param name="Specification">The file of an API's imported specification, relative to the folder; else null.</param>
public sealed record FolderChange(string Id, JsonObject Properties, string File, string? Specification = null)
{
    /// <summary>The file to name for an error at this property.</summary>
    public string FileOf(string? target) =>
        Specification is not null && target is not null && IsImport(target) ? Specification : File;

    // The import's content travels in `value`; what the server finds in it is named so, or by a place in the document.
    private static bool IsImport(string target) =>
        target.Contains('#') || target.Split('.', '/', '[')
            .Any(part => part is "value" or "format" or "paths" or "components" or "openapi" or "servers" or "operations");
}

/// <summary>What is wrong with a file of the folder.</summary>
/// <param name="File">Relative to the folder.</param>
/// <param name="Message">A sentence.</param>
public sealed record FolderError(string File, string Message);

/// <summary>What a folder declares.</summary>
public sealed record FolderContent
{
    /// <summary>The resources; what others refer to comes first.</summary>
    public required IReadOnlyList<FolderChange> Changes { get; init; }

    /// <summary>What was left out, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What is wrong; nothing may be sent unless empty.</summary>
    public required IReadOnlyList<FolderError> Errors { get; init; }
}
