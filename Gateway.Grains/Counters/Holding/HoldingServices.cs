using Gateway.Grains.Counters.Quotas;
using Gateway.Grains.Storage;

namespace Gateway.Grains.Counters.Holding;

/// <summary>What every partition of a silo shares.</summary>
internal sealed record HoldingServices(
    SiloLease Lease,
    PartitionStore Store,
    IQuotaStore Quotas,
    PartitionRegistry Registry,
    EdgeDirectory Edges,
    CounterOptions Options,
    CounterTelemetry Telemetry,
    MonotonicTime Time,
    TimeProvider Clock)
{
    /// <summary>True when the exception tells that the store did not do what was asked, now.</summary>
    public static bool IsOutage(Exception failure) => RedisStore.IsOutage(failure) || failure is TimeoutException;
}
