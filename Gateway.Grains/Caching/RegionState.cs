using Gateway.Contracts.Caching;

namespace Gateway.Grains.Caching;

/// <summary>
/// The purges of a cache as they are remembered. An epoch is the clock's, in ticks, and never goes back while it is remembered: whoever has lost its memory begins with a purge of everything, which is
/// later than all that others made before.
/// </summary>
internal sealed class RegionState
{
    /// <summary>Purges of scopes that are remembered. When there are more, the oldest become one of everything.</summary>
    public const int MaximumPurges = 1000;

    private readonly Dictionary<CacheScope, long> _purges;

    private RegionState(long current, Dictionary<CacheScope, long> purges) => (Current, _purges) = (current, purges);

    /// <summary>The last epoch.</summary>
    public long Current { get; private set; }

    /// <summary>A cache of which nothing is known.</summary>
    public static RegionState New(DateTimeOffset now) => new(now.UtcTicks, new() { [CacheScope.All] = now.UtcTicks });

    /// <summary>What was remembered.</summary>
    public static RegionState Of(CacheEpochs epochs) => new(epochs.Current, epochs.Purges.ToDictionary(purge => purge.Scope, purge => purge.Epoch));

    /// <summary>The state with one more purge; this one stays as it is.</summary>
    public RegionState With(CacheScope scope, DateTimeOffset now)
    {
        var epoch = Math.Max(Current + 1, now.UtcTicks);
        return Bounded(epoch, new(_purges) { [scope] = epoch });
    }

    /// <summary>The state with purges that others made; this one stays as it is.</summary>
    public RegionState With(CacheEpochs others)
    {
        var purges = new Dictionary<CacheScope, long>(_purges);
        foreach (var (scope, epoch) in others.Purges)
        {
            purges[scope] = Math.Max(epoch, purges.GetValueOrDefault(scope));
        }

        return Bounded(Math.Max(Current, others.Current), purges);
    }

    /// <summary>What edges are told, and what is remembered.</summary>
    public CacheEpochs ToEpochs() => new()
    {
        Current = Current,
        Purges = [.. _purges.Select(purge => new CachePurge(purge.Key, purge.Value)).OrderBy(purge => purge.Epoch)],
    };

    private static RegionState Bounded(long current, Dictionary<CacheScope, long> purges)
    {
        if (purges.Count > MaximumPurges)
        {
            var oldest = purges.Where(purge => purge.Key.Kind != CacheScopeKind.All).OrderBy(purge => purge.Value).Take(purges.Count - (MaximumPurges / 2)).ToArray();
            purges[CacheScope.All] = Math.Max(purges.GetValueOrDefault(CacheScope.All), oldest[^1].Value);
        }

        // A purge of everything is also one of each scope.
        var all = purges.GetValueOrDefault(CacheScope.All);
        return new(current, purges.Where(purge => purge.Value > all || purge.Key.Kind == CacheScopeKind.All).ToDictionary());
    }
}
