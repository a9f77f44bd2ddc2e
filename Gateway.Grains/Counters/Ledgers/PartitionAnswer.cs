using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>The answer to a call, and what else it leads to.</summary>
internal sealed class PartitionAnswer(LeaseAnswer lease)
{
    /// <summary>What the edge gets.</summary>
    public LeaseAnswer Lease { get; } = lease;

    /// <summary>The edge has to be asked for its echo.</summary>
    public bool NeedsEcho { get; init; }

    /// <summary>Which edges to ask to give back which counters' tokens.</summary>
    public List<(Guid Edge, CounterId Counter)>? Recalls { get; private set; }

    /// <summary>Grants made.</summary>
    public int Grants { get; private set; }

    /// <summary>Tokens granted.</summary>
    public long Tokens { get; private set; }

    /// <summary>Reports that claimed to hold more than was lent.</summary>
    public int Cut { get; private set; }

    /// <summary>Tokens freed of which nobody ever said what became of them.</summary>
    public long Stranded { get; private set; }

    /// <summary>Counters refused because the partition is full, or their limit is out of bounds.</summary>
    public int Refused { get; set; }

    /// <summary>Adds what became of one counter.</summary>
    public void Add(CounterId counter, in LedgerAnswer outcome)
    {
        foreach (var edge in outcome.Recalls)
        {
            (Recalls ??= []).Add((edge, counter));
        }

        Grants += outcome.Reply.Granted > 0 ? 1 : 0;
        Tokens += outcome.Reply.Granted;
        Cut += outcome.IsCut ? 1 : 0;
        Stranded += outcome.Stranded;
    }
}
