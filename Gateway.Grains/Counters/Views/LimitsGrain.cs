using Gateway.Contracts.Counters;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gateway.Grains.Counters.Views;

/// <inheritdoc cref="ILimitsGrain" />
[StatelessWorker]
internal sealed partial class LimitsGrain(ISiloStatusOracle cluster, SiloLimitsClient silos, EdgeNames names, TimeProvider clock, ILogger<LimitsGrain> logger) : Grain, ILimitsGrain
{
    private const string Strict = "strict";
    private const int MostEdges = 1000;

    private static readonly TimeSpan SiloPatience = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan EdgePatience = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc />
    public async Task<LimitsReport> Top(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, LimitsReport.Most);
        var asked = cluster.GetApproximateSiloStatuses(onlyActive: true).Keys.ToArray();
        var answers = await Task.WhenAll(asked.Select(silo => AskAsync(silo, most, cancellationToken)));
        var views = answers.OfType<SiloLimitsView>().ToArray();
        var silent = asked.Zip(answers).Where(silo => silo.Second is null).Select(silo => Name(silo.First)).Order(StringComparer.Ordinal).ToArray();
        var limits = Merge(views, most);
        var (edges, silentEdges) = await AskEdgesAsync(views, limits, cancellationToken);
        var unbound = silentEdges.Length + edges.Count(edge => edge.Mode != Strict);
        return new LimitsReport
        {
            Limits = Complete(limits, edges, unbound, silent.Length > 0),
            Count = views.Sum(view => view.Silo.Counters),
            Silos = [.. views.Select(view => view.Silo).OrderBy(silo => silo.Name, StringComparer.Ordinal)],
            SilentSilos = silent,
            Edges = edges,
            SilentEdges = silentEdges,
            Store = views.Select(view => view.Store).FirstOrDefault(store => store.AppendOnly is not null) ?? StoreDurability.Unknown,
        };
    }

    /// <summary>The hottest of what silos say. While a partition moves two may have it: the one that knows more of it counts.</summary>
    internal static LimitView[] Merge(IEnumerable<SiloLimitsView> views, int most)
    {
        var hottest = new Hottest<LimitView>(most);
        foreach (var same in views.SelectMany(view => view.Hottest).GroupBy(limit => limit.Counter))
        {
            var limit = same.MaxBy(limit => LimitHeat.Of(limit))!;
            hottest.Add(limit, LimitHeat.Of(limit));
        }

        return hottest.TakeSorted();
    }

    private LimitView[] Complete(LimitView[] limits, EdgeLimits[] edges, int unbound, bool isSiloSilent)
    {
        var titles = edges.SelectMany(edge => edge.Titles).DistinctBy(title => title.Counter).ToDictionary(title => title.Counter);
        return [.. limits.Select(limit => limit with
        {
            Title = limit.Title ?? titles.GetValueOrDefault(limit.Counter),
            Holders = [.. limit.Holders.Select(holder => holder with { Node = names.Find(holder.Edge) })],
            Bound = OverAdmission.Bound(limit, unbound, isSiloSilent),
        })];
    }

    private async Task<SiloLimitsView?> AskAsync(SiloAddress silo, int most, CancellationToken cancellationToken)
    {
        try
        {
            return await silos.DescribeAsync(silo, most).WaitAsync(SiloPatience, clock, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OrleansException)
        {
            Log.SiloSilent(logger, Name(silo), failure.GetType().Name);
            return null;
        }
    }

    private async Task<(EdgeLimits[] Heard, SilentEdge[] Silent)> AskEdgesAsync(SiloLimitsView[] views, LimitView[] limits, CancellationToken cancellationToken)
    {
        var known = views.SelectMany(view => view.Edges).DistinctBy(edge => edge.Life).Take(MostEdges).ToArray();
        var unnamed = limits.Where(limit => limit.Title is null).Select(limit => limit.Counter).ToArray();
        var answers = await Task.WhenAll(known.Select(edge => AskAsync(edge, unnamed, cancellationToken)));
        var heard = answers.OfType<EdgeLimits>().OrderBy(edge => edge.Node, StringComparer.Ordinal).ToArray();
        names.Note(heard, known.Select(edge => edge.Life).ToHashSet());
        return (heard, [.. known.Zip(answers).Where(edge => edge.Second is null).Select(edge => new SilentEdge(edge.First.Life, names.Find(edge.First.Life)))]);
    }

    private async Task<EdgeLimits?> AskAsync(EdgeAddress edge, CounterId[] counters, CancellationToken cancellationToken)
    {
        try
        {
            return await edge.Observer.AsReference<ICounterEdgeView>().Describe(counters, cancellationToken).WaitAsync(EdgePatience, clock, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OrleansException)
        {
            Log.EdgeSilent(logger, edge.Life, failure.GetType().Name);
            return null;
        }
    }

    private string Name(SiloAddress silo) => cluster.TryGetSiloName(silo, out var name) ? name : silo.ToParsableString();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The silo {Silo} does not say what it lends ({Kind}); it is left out of the report on limits.")]
        public static partial void SiloSilent(ILogger logger, string silo, string kind);

        [LoggerMessage(2, LogLevel.Debug, "The edge {Life} does not say how it decides on limits ({Kind}).")]
        public static partial void EdgeSilent(ILogger logger, Guid life, string kind);
    }
}
