namespace Gateway.Grains.Catalog.PolicyChecks;

/// <summary>How callers of the management API are told what is wrong with a document.</summary>
internal static class PolicyMessages
{
    /// <summary>A sentence about a place in a document.</summary>
    /// <param name="element">The element.</param>
    /// <param name="line">Its line, or that of the mistake in it.</param>
    /// <param name="column">Its column, or that of the mistake in it.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="path">The element with those around it; empty when it is not known.</param>
    public static string At(string element, int line, int column, string message, string path = "") =>
        $"Error in element '{element}' on line {line}, column {column}: {message}{(path.Length == 0 ? "" : $" (in {path})")}";
}
