using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Views;

/// <summary>What may pass beyond a limit now, by what is promised for each fault: nothing, while all silos and edges answer.</summary>
internal static class OverAdmission
{
    /// <summary>The bound of one counter for one window, beyond its limit; null when there is none.</summary>
    /// <param name="limit">The counter.</param>
    /// <param name="silentEdges">Edges that do not answer, or decide without silos: each may go on with its part of the limit.</param>
    /// <param name="isSiloSilent">True when a silo does not answer: it may be cut off, and lend what another one lends.</param>
    public static long? Bound(LimitView limit, int silentEdges, bool isSiloSilent)
    {
        if (limit.Definition.Quota is not null)
        {
            return 0;
        }

        if (limit.Mode == LendingMode.Unfenced && isSiloSilent)
        {
            return null;
        }

        if (limit.Definition.IsConcurrency)
        {
            // An edge without silos lets nobody in.
            return 0;
        }

        // Each divides the limit by the edges that shared the counter when it last heard of it: those that have something of it now.
        var part = limit.Definition.Limit / Math.Max(1, limit.HolderCount);
        return silentEdges == 0 ? 0 : part > long.MaxValue / silentEdges ? null : part * silentEdges;
    }
}
