using Orleans.Concurrency;

namespace Gateway.Grains.Counters.Placement;

/// <summary>Activates a partition where it belongs; key: its number.</summary>
[Alias("gw.ICounterPartitionWake")]
internal interface ICounterPartitionWake : IGrainWithIntegerKey
{
    /// <summary>Does nothing but be called. Nobody waits for it: whether the partition is there is seen at the next look.</summary>
    [Alias("Wake"), OneWay]
    Task Wake();
}
