using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Holding;

namespace Gateway.Grains.Counters.Views;

/// <summary>
/// Looks at the partitions of this silo, at most once a second however many ask. No partition is waited for longer than a moment.
/// </summary>
internal sealed class SiloLimitsReader(
    PartitionViews partitions, PartitionRegistry registry, SiloLease lease, EdgeDirectory edges, CounterTelemetry telemetry, StoreDurabilityReader store, ILocalSiloDetails silo, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private (int Most, long At, Task<SiloLimitsView> Reading)? _last;

    /// <summary>The most used counters of this silo.</summary>
    /// <param name="most">How many, 1 to <see cref="LimitsReport.Most"/>.</param>
    public async Task<SiloLimitsView> ReadAsync(int most)
    {
        var view = await ShareAsync(Math.Clamp(most, 1, LimitsReport.Most));
        return view with { Hottest = [.. view.Hottest.Take(most)] };
    }

    private Task<SiloLimitsView> ShareAsync(int most)
    {
        lock (_lock)
        {
            if (_last is not { } last || last.Most < most || last.Reading.IsFaulted || clock.GetElapsedTime(last.At) >= FreshFor)
            {
                _last = last = (most, clock.GetTimestamp(), ReadNowAsync(most));
            }

            return last.Reading;
        }
    }

    private async Task<SiloLimitsView> ReadNowAsync(int most)
    {
        var durability = store.ReadAsync();
        var looks = partitions.Describe(most);
        await ((Task)Task.WhenAll(looks)).WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var mode = lease.LendingMode;
        var hottest = new Hottest<LimitView>(most);
        var (lending, counters) = (0, 0);
        foreach (var look in looks.Where(look => look.IsCompleted))
        {
            if (await look is not { } partition)
            {
                continue;
            }

            lending++;
            counters += partition.Count;
            telemetry.CountStranded(partition.Stranded);
            foreach (var limit in partition.Hottest)
            {
                hottest.Add(limit, LimitHeat.Of(limit));
            }
        }

        return new SiloLimitsView(
            new SiloLimits
            {
                Name = silo.Name,
                Mode = mode,
                Partitions = registry.Active.Count,
                Lending = lending,
                Counters = counters,
                Stranded = telemetry.Stranded,
            },
            [.. hottest.TakeSorted().Select(limit => limit with { Silo = silo.Name, Mode = mode })],
            [.. edges.Known.Select(edge => new EdgeAddress(edge.Life, edge.Observer))],
            await durability);
    }
}
