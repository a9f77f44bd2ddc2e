namespace Gateway.Cli.Policies;

/// <summary>A finding in one document.</summary>
/// <param name="File">The document's path, as the user gave it or below it.</param>
/// <param name="Line">1 and up.</param>
/// <param name="Column">1 and up.</param>
/// <param name="IsError">True when the document is refused.</param>
/// <param name="Code">What kind of finding it is.</param>
/// <param name="Message">A sentence.</param>
internal sealed record CheckFinding(string File, int Line, int Column, bool IsError, string Code, string Message)
{
    /// <summary><c>error</c> or <c>warning</c>.</summary>
    public string Severity => IsError ? "error" : "warning";
}
