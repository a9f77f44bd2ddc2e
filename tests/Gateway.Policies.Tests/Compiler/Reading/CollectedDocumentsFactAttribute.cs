namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>A test over a folder of collected policy documents, which are not part of this repository.</summary>
internal sealed class CollectedDocumentsFactAttribute : FactAttribute
{
    public const string Folder = "GATEWAY_POLICY_DOCUMENTS";

    /// <summary>The names of the files that nobody could read, separated by commas.</summary>
    public const string Broken = "GATEWAY_POLICY_DOCUMENTS_BROKEN";

    public CollectedDocumentsFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable(Folder) is null ? $"Set {Folder} to a folder of policy documents, and {Broken} to the names of those that are damaged." : null;
}
