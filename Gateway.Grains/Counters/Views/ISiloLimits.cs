using Orleans.Services;

namespace Gateway.Grains.Counters.Views;

/// <summary>Every silo describes the counters that it holds.</summary>
[Alias("gw.ISiloLimits")]
internal interface ISiloLimits : IGrainService
{
    /// <summary>So many of its most used counters, as they were within the last second.</summary>
    [Alias("Describe"), ResponseTimeout("00:00:02")]
    Task<SiloLimitsView> Describe(int most);
}
