namespace Gateway.Grains.Publications;

/// <summary>What is kept of publications that were replaced: edges under way to them must find their chunks.</summary>
internal static class Retention
{
    /// <summary>How many manifests are kept, the current one included.</summary>
    public const int Manifests = 10;
}
