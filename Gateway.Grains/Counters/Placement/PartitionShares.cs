using System.Text;
using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Placement;

/// <summary>
/// Which silo holds which partition, as a function of the silos alone: all silos come to the same answer without asking each other. Shares are equal to ± 1;
/// a silo that comes or goes moves little more than its own share.
/// </summary>
internal static class PartitionShares
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>For each partition the index of its silo.</summary>
    /// <param name="silos">At least one, each once, in the order that all sort them by.</param>
    public static int[] Assign(IReadOnlyList<string> silos)
    {
        var seeds = silos.Select(Seed).ToArray();
        var share = CounterId.Partitions / silos.Count;
        var larger = CounterId.Partitions % silos.Count;
        var counts = new int[silos.Count];
        var assigned = new int[CounterId.Partitions];
        for (var partition = 0; partition < assigned.Length; partition++)
        {
            var best = -1;
            var bestWeight = 0UL;
            for (var silo = 0; silo < seeds.Length; silo++)
            {
                var weight = Mix(seeds[silo] + (ulong)partition);
                if ((counts[silo] < share || (counts[silo] == share && larger > 0)) && (best < 0 || weight > bestWeight))
                {
                    (best, bestWeight) = (silo, weight);
                }
            }

            larger -= counts[best] == share ? 1 : 0;
            counts[best]++;
            assigned[partition] = best;
        }

        return assigned;
    }

    private static ulong Seed(string silo)
    {
        var hash = FnvOffset;
        foreach (var value in Encoding.UTF8.GetBytes(silo))
        {
            hash = unchecked((hash ^ value) * FnvPrime);
        }

        return Mix(hash);
    }

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
