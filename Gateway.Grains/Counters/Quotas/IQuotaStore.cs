using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Counters.Quotas;

/// <summary>Where the counts of quotas outlive everything.</summary>
internal interface IQuotaStore
{
    /// <summary>Reads counts of one partition, and the store's clock.</summary>
    Task<QuotaReading> ReadAsync(IReadOnlyList<CounterId> counters);

    /// <summary>Changes counts of one partition: each only where the store still holds what is expected, and while the partition has that owner.</summary>
    /// <returns>For each whether it was changed.</returns>
    Task<bool[]> WriteAsync(int partition, string owner, IReadOnlyList<QuotaWrite> writes);
}

/// <summary>What the store says.</summary>
/// <param name="Time">Its clock, in milliseconds of the Unix epoch, not before the records were read.</param>
/// <param name="Records">The records in the order asked; null where there is none.</param>
internal sealed record QuotaReading(long Time, string?[] Records);
