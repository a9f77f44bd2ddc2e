namespace Gateway.Grains.Counters.Placement;

/// <summary>Activates a partition where it belongs; key: its number.</summary>
[Alias("gw.ICounterPartitionWake")]
internal interface ICounterPartitionWake : IGrainWithIntegerKey
{
    /// <summary>Does nothing but be called.</summary>
    [Alias("Wake")]
    Task Wake();
}
