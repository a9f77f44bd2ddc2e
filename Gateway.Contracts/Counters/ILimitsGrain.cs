namespace Gateway.Contracts.Counters;

/// <summary>Shows operators what limits do now; key: <see cref="Catalog.CatalogKeys.Service"/>.</summary>
[Alias("gw.ILimitsGrain")]
public interface ILimitsGrain : IGrainWithStringKey
{
    /// <summary>The most used counters of the site, and by whom they are kept. Silos and edges that do not answer at once are named, not waited for.</summary>
    /// <param name="most">How many counters, 1 to <see cref="LimitsReport.Most"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    [Alias("Top"), ResponseTimeout("00:00:10")]
    Task<LimitsReport> Top(int most, CancellationToken cancellationToken);
}

/// <summary>An edge as the report on limits sees it; the same object as its <see cref="ICounterEdge"/>.</summary>
[Alias("gw.ICounterEdgeView")]
public interface ICounterEdgeView : IGrainObserver
{
    /// <summary>Says who it is, how it decides on limits now, and what it knows of the names of counters. Changes nothing.</summary>
    /// <param name="counters">The counters whose names are wanted, at most <see cref="LimitsReport.Most"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    [Alias("Describe"), ResponseTimeout("00:00:01")]
    Task<EdgeLimits> Describe(CounterId[] counters, CancellationToken cancellationToken);
}
