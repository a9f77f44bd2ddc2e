using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace Gateway.Grains.Counters.Views;

/// <inheritdoc cref="ISiloLimits" />
internal sealed class SiloLimitsService(GrainId id, Silo silo, ILoggerFactory loggers, SiloLimitsReader reader) : GrainService(id, silo, loggers), ISiloLimits
{
    /// <inheritdoc />
    public Task<SiloLimitsView> Describe(int most) => reader.ReadAsync(most);
}

/// <summary>Asks a certain silo.</summary>
internal sealed class SiloLimitsClient(IServiceProvider services) : GrainServiceClient<ISiloLimits>(services)
{
    /// <summary>The silo's own description.</summary>
    public Task<SiloLimitsView> DescribeAsync(SiloAddress silo, int most) => GetGrainService(silo).Describe(most);
}
