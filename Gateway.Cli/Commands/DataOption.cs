namespace Gateway.Cli.Commands;

/// <summary>The data folder when none is named.</summary>
internal static class DataOption
{
    /// <summary>The folder <c>data</c> below the working folder.</summary>
    public const string Default = "data";
}
