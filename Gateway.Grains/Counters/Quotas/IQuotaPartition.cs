using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Quotas;

/// <summary>A partition of counters as the management of quotas sees it; key: its number.</summary>
[Alias("gw.IQuotaPartition")]
internal interface IQuotaPartition : IGrainWithIntegerKey
{
    /// <summary>The current period and its count; null when it cannot be known now.</summary>
    [Alias("View")]
    Task<QuotaView?> View(CounterId counter, CounterDefinition definition);

    /// <summary>Sets the count, and asks all edges for what they hold; null when that is not possible now.</summary>
    [Alias("Set")]
    Task<QuotaView?> Set(CounterId counter, CounterDefinition definition, long count);
}

/// <summary>A period of a quota. Times are milliseconds of the Unix epoch.</summary>
/// <param name="Start">When it starts.</param>
/// <param name="End">When it ends; <see cref="Ledgers.QuotaCalendar.Never"/> for never.</param>
/// <param name="Used">What is used of it.</param>
[GenerateSerializer, Immutable, Alias("gw.QuotaView")]
internal sealed record QuotaView([property: Id(0)] long Start, [property: Id(1)] long End, [property: Id(2)] long Used);
