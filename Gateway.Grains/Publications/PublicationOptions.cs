namespace Gateway.Grains.Publications;

/// <summary>What the making of publications needs to know of its installation.</summary>
public sealed record PublicationOptions
{
    /// <summary>The service's name, which policies can see.</summary>
    public required string ServiceName { get; init; }

    /// <summary>Which key of the site signs publications: 1 is the first; a greater number than the site has reached makes another, signed by the one before.</summary>
    public int SigningKeyGeneration { get; init; } = 1;

    /// <summary>How often a gateway's publications look whether the catalog has a version that they were not told of.</summary>
    public TimeSpan CatalogCheckPeriod { get; init; } = TimeSpan.FromSeconds(1);
}
