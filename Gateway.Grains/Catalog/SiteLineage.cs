using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Catalog;

/// <summary>The lineage that this silo works on; tells a flushed or foreign store from the right one.</summary>
internal sealed class SiteLineage
{
    private volatile LineageRecord? _known;

    /// <summary>Called once, when the silo starts.</summary>
    public void Begin(LineageRecord lineage) => _known = lineage;

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
                "The state store has lost the catalog (its lineage key is gone): it was flushed or replaced. Nothing is written until it is restored.");
        }

        if (known is null || known.Id == stored.Id || stored.Predecessors.Contains(known.Id))
        {
            _known = stored;
            return null;
        }

        return new GatewayError(
            ErrorKind.ServiceUnavailable,
            $"The state store holds the catalog of another lineage ({stored.Id}, this silo works on {known.Id}). Nothing is written; restart the silos if the store was replaced on purpose.");
    }
}
