namespace Gateway.Policies.Execution;

/// <summary>What a policy says about a request, for operators.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Source">Who says so, as the document names it.</param>
/// <param name="Text">What.</param>
/// <param name="Metadata">More, by name.</param>
public readonly record struct TraceMessage(
    TraceSeverity Severity, string Source, string Text, IReadOnlyList<KeyValuePair<string, string>> Metadata);

/// <summary>How much a message matters.</summary>
public enum TraceSeverity
{
    /// <summary>To follow what happens.</summary>
    Verbose,

    /// <summary>To know of.</summary>
    Information,

    /// <summary>Something is wrong.</summary>
    Error,
}
