using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Catalog;

/// <summary>The lineage that this silo works on; tells a flushed or foreign store from the right one.</summary>
/// <param name="memory">Where it is remembered after the process; null for nowhere.</param>
internal sealed class SiteLineage(ILineageMemory? memory = null)
{
    private volatile LineageRecord? _known;

    /// <summary>The lineage; null before the silo's start.</summary>
    public LineageRecord? Known => _known;

    /// <summary>What an earlier process of this silo worked on; null when nothing is remembered.</summary>
    public string? Remembered => memory?.Read();

    /// <summary>Called once, when the silo starts.</summary>
    public void Begin(LineageRecord lineage)
    {
        _known = lineage;
        memory?.Write(lineage.Id);
    }

    /// <summary>
    /// Null when a store with this lineage may be used: it is the known one, or one that continues it (a restore).
    /// </summary>
    public GatewayError? Check(LineageRecord? stored)
    {
        var known = _known;
        if (stored is null)
        {
            return new GatewayError(
                ErrorKind.ServiceUnavailable,
                "The state store has lost the catalog (its lineage key is gone): it was flushed or replaced. Nothing is written until it is restored (`gateway restore`).");
        }

        if (stored.IsUnfinished)
        {
            return new GatewayError(ErrorKind.ServiceUnavailable, "A restore of the catalog is under way. If it was cut off, repeat it: until it is done nothing is written.");
        }

        if (known is null || known.Id == stored.Id || stored.Predecessors.Contains(known.Id))
        {
            if (known?.Id != stored.Id)
            {
                memory?.Write(stored.Id);
            }

            _known = stored;
            return null;
        }

        return new GatewayError(
            ErrorKind.ServiceUnavailable,
            $"The state store holds the catalog of another lineage ({stored.Id}, this silo works on {known.Id}). Nothing is written; restart the silos if the store was replaced on purpose.");
    }
}
