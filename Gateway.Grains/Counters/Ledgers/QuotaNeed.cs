using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>What a quota's ledger needs of its account.</summary>
/// <param name="Definition">What the counter allows.</param>
/// <param name="Label">How operators find it; null when nobody said.</param>
/// <param name="Wanted">Tokens that are needed at once at least; 0 when nobody wants any.</param>
/// <param name="Keeps">What is to be given back to the store otherwise.</param>
/// <param name="Lent">What edges hold.</param>
internal readonly record struct QuotaNeed(CounterDefinition Definition, QuotaLabel? Label, long Wanted, QuotaKeep Keeps, long Lent);

/// <summary>How much of the pool is kept.</summary>
internal enum QuotaKeep
{
    /// <summary>All.</summary>
    All,

    /// <summary>A chunk; what was given back beyond it is free for whoever follows.</summary>
    Chunk,

    /// <summary>Nothing: the counter is about to leave this memory.</summary>
    Nothing,
}
