namespace Gateway.Grains.Publications;

/// <summary>What the making of publications needs to know of its installation.</summary>
public sealed record PublicationOptions
{
    /// <summary>The service's name, which policies can see.</summary>
    public required string ServiceName { get; init; }

    /// <summary>How often a gateway's publications look whether the catalog has a version that they were not told of.</summary>
    public TimeSpan CatalogCheckPeriod { get; init; } = TimeSpan.FromSeconds(1);
}
