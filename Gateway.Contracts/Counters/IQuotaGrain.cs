using Gateway.Contracts.Results;

namespace Gateway.Contracts.Counters;

/// <summary>Shows and sets the counts of quotas by the keys that operators know; key: the gateway's id.</summary>
[Alias("gw.IQuotaGrain")]
public interface IQuotaGrain : IGrainWithStringKey
{
    /// <summary>
    /// The counters that bear a key, each with its current period; <see cref="ErrorKind.ResourceNotFound"/> when there is none,
    /// <see cref="ErrorKind.ServiceUnavailable"/> when one cannot be read now.
    /// </summary>
    [Alias("Read")]
    Task<Result<QuotaCount[]>> Read(string key, CancellationToken cancellationToken);

    /// <summary>Sets counts. What edges hold unspent at that moment comes on top of them, and is asked back. Errors as <see cref="Read"/>.</summary>
    /// <returns>The counters that bear the key, after that.</returns>
    [Alias("Set")]
    Task<Result<QuotaCount[]>> Set(QuotaChange change, CancellationToken cancellationToken);
}

/// <summary>The count of one counter in its current period.</summary>
[GenerateSerializer, Immutable, Alias("gw.QuotaCount")]
public sealed record QuotaCount
{
    /// <summary>What is counted.</summary>
    [Id(0)] public required QuotaMeasure Measure { get; init; }

    /// <summary>Names the period: its number and its length, <c>7_P1D</c>.</summary>
    [Id(1)] public required string PeriodKey { get; init; }

    /// <summary>When the period starts.</summary>
    [Id(2)] public required DateTimeOffset Start { get; init; }

    /// <summary>When it ends; null for never.</summary>
    [Id(3)] public DateTimeOffset? End { get; init; }

    /// <summary>Calls or KB used in it; what edges hold unspent is not among them.</summary>
    [Id(4)] public required long Used { get; init; }
}

/// <summary>Which counts to set.</summary>
[GenerateSerializer, Immutable, Alias("gw.QuotaChange")]
public sealed record QuotaChange
{
    /// <summary>The key.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>Only of this period, which must be a current one; null for all.</summary>
    [Id(1)] public string? PeriodKey { get; init; }

    /// <summary>The new count of calls, 0 and up; null leaves it.</summary>
    [Id(2)] public long? Calls { get; init; }

    /// <summary>The new count of KB, 0 and up; null leaves it.</summary>
    [Id(3)] public long? Kilobytes { get; init; }
}
