namespace Gateway.Policies.Documents;

/// <summary>Collects all findings of a document, so that its author sees every one at once.</summary>
public sealed class PolicyDiagnostics
{
    /// <summary>A hostile document must not make an endless answer: further findings are left out.</summary>
    public const int Maximum = 100;

    private readonly List<PolicyDiagnostic> _all = [];

    /// <summary>The findings in the order they were made.</summary>
    public IReadOnlyList<PolicyDiagnostic> All => _all;

    /// <summary>True when the document is refused.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>
    /// The fragment that is being read, and the element that includes it; null outside of fragments. The author of the document sees that
    /// element, so findings stand there.
    /// </summary>
    internal (PolicyElement Include, string Id)? Fragment { get; set; }

    /// <summary>Adds a finding.</summary>
    public void Add(PolicyDiagnostic diagnostic)
    {
        HasErrors |= diagnostic.Severity == PolicySeverity.Error;
        if (_all.Count < Maximum)
        {
            _all.Add(Fragment is not { } fragment ? diagnostic : new(
                fragment.Include.Name, fragment.Include.Line, fragment.Include.Column,
                $"In the policy fragment '{fragment.Id}', element '{diagnostic.Element}' on line {diagnostic.Line}, column {diagnostic.Column}: {diagnostic.Message}",
                diagnostic.Severity) { Kind = diagnostic.Kind });
        }
    }

    /// <summary>Adds an error about an element.</summary>
    public void Error(PolicyElement element, string message, PolicyFinding kind = PolicyFinding.ValidationError) =>
        Add(new PolicyDiagnostic(element.Name, element.Line, element.Column, message) { Kind = kind });

    /// <summary>Adds an error about an attribute.</summary>
    public void Error(PolicyElement element, PolicyAttribute attribute, string message) =>
        Add(new PolicyDiagnostic(element.Name, attribute.Line, attribute.Column, message));

    /// <summary>Adds an error about an element's text.</summary>
    public void Error(PolicyElement element, PolicyText text, string message) =>
        Add(new PolicyDiagnostic(element.Name, text.Line, text.Column, message));

    /// <summary>Adds a warning about an element: its document is accepted.</summary>
    public void Warning(PolicyElement element, string message) =>
        Add(new PolicyDiagnostic(element.Name, element.Line, element.Column, message, PolicySeverity.Warning));

    /// <summary>Adds a finding about text where none may stand: an error, or a warning when it is passed over.</summary>
    internal void UnwantedText(PolicyElement element, PolicyText text, bool isStray) => Add(new PolicyDiagnostic(
        element.Name, text.Line, text.Column,
        $"The element '{element.Name}' may not hold text{(isStray ? ": it is passed over" : "")}.",
        isStray ? PolicySeverity.Warning : PolicySeverity.Error));
}
