namespace Gateway.Grains.Catalog.PolicyChecks;

/// <summary>How callers of the management API are told what is wrong with a document.</summary>
internal static class PolicyMessages
{
    /// <summary>A sentence about a place in a document.</summary>
    public static string At(string element, int line, int column, string message) => $"Error in element '{element}' on line {line}, column {column}: {message}";
}
