using System.Text.Json.Serialization;
using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>A partition as its holder hands it over. Times are relative to the writing, in milliseconds.</summary>
internal sealed record PartitionMemory
{
    /// <summary>The epoch, which goes on.</summary>
    public required long Epoch { get; init; }

    /// <summary>The number of the last grant.</summary>
    public required long Grant { get; init; }

    /// <summary>The edges in step.</summary>
    public required Guid[] Edges { get; init; }

    /// <summary>The edges that start afresh with their next call.</summary>
    public required Guid[] Admitted { get; init; }

    /// <summary>The edges that did not say what they hold.</summary>
    public Guid[] Absent { get; init; } = [];

    /// <summary>How long edges may have places that they do not tell of.</summary>
    public long UnsureFor { get; init; }

    /// <summary>When it was written, by the store's clock, in milliseconds of the Unix epoch; 0 by a holder that does not say.</summary>
    public long WrittenAt { get; init; }

    /// <summary>The counters of which something is charged.</summary>
    public required LedgerMemory[] Counters { get; init; }
}

/// <summary>One counter.</summary>
internal sealed record LedgerMemory
{
    public required CounterId Counter { get; init; }

    public required CounterDefinition Definition { get; init; }

    public required ShareMemory[] Shares { get; init; }

    /// <summary>Of a quota: its record in the store; empty when that is not known. Null for a rate limit.</summary>
    public string? Quota { get; init; }
}

/// <summary>What one edge has of one counter.</summary>
internal sealed record ShareMemory
{
    public required Guid Edge { get; init; }

    public required long Sequence { get; init; }

    /// <summary>What it used beyond what was lent, of a rate limit.</summary>
    public long Owed { get; init; }

    /// <summary>What its last call was granted: it may not have heard of that.</summary>
    public long Granted { get; init; }

    /// <summary>Its share for times without silos, as <see cref="EdgeEscrow.Write"/> tells it.</summary>
    public long[]? Escrow { get; init; }

    /// <summary>Pairs: when, how many.</summary>
    public required long[] Spent { get; init; }

    /// <summary>Pairs: end, how many.</summary>
    public required long[] Leases { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PartitionMemory))]
internal sealed partial class PartitionMemoryJson : JsonSerializerContext;
