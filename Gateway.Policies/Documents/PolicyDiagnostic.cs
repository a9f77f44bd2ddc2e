namespace Gateway.Policies.Documents;

/// <summary>How bad a finding is.</summary>
public enum PolicySeverity
{
    /// <summary>The document is accepted.</summary>
    Warning,

    /// <summary>The document is refused.</summary>
    Error,
}

/// <summary>A finding in a policy document. Never holds the value of a named value.</summary>
/// <param name="Element">The element at fault, e.g. <c>set-header</c>; <c>policies</c> when the document as a whole is.</param>
/// <param name="Line">1 and up.</param>
/// <param name="Column">1 and up; of an element or attribute: where its name starts.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Severity">How bad it is.</param>
public sealed record PolicyDiagnostic(
    string Element, int Line, int Column, string Message, PolicySeverity Severity = PolicySeverity.Error)
{
    /// <summary>What kind of finding it is, for programs that read findings.</summary>
    public PolicyFinding Kind { get; init; }

    /// <summary>
    /// The element with those around it, e.g. <c>policies/inbound/choose/when[2]</c>; an index counts the siblings of a name from 1 where there
    /// are several. Empty when nothing was read.
    /// </summary>
    public string Path { get; init; } = "";
}
