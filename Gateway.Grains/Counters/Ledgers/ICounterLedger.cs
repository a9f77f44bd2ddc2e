using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>What one counter has lent to whom, and what of its allowance is gone. Times are monotonic milliseconds, given from outside, rounded down.</summary>
internal interface ICounterLedger
{
    /// <summary>What the counter allows.</summary>
    CounterDefinition Definition { get; }

    /// <summary>Takes a report, and lends.</summary>
    LedgerAnswer Acquire(long now, Guid edge, long sequence, LeaseRequest request, long grant);

    /// <summary>Takes over what an edge says of itself, instead of all that was known of it.</summary>
    void Learn(long now, Guid edge, CounterMemory memory);

    /// <summary>Forgets what counts no more.</summary>
    /// <returns>Tokens of which nobody ever said what became of them.</returns>
    long Sweep(long now);

    /// <summary>True when nothing would be lost with the counter, after a sweep.</summary>
    bool IsIdle(long now);

    /// <summary>What another holder needs to go on; null for nothing.</summary>
    LedgerMemory? Write(CounterId counter, long now);
}

/// <summary>What became of one request.</summary>
/// <param name="Reply">The answer.</param>
/// <param name="Recalls">Edges to ask for their tokens.</param>
/// <param name="IsCut">The report claimed to hold more than was lent, and was cut.</param>
/// <param name="Stranded">Tokens freed of which nobody ever said what became of them.</param>
internal readonly record struct LedgerAnswer(LeaseReply Reply, Guid[] Recalls, bool IsCut, long Stranded);
