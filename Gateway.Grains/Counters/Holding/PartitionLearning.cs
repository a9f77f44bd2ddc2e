using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Counters.Holding;

/// <summary>Asks edges for what a partition does not know of them.</summary>
internal sealed partial class PartitionLearning(int number, HoldingServices services, ILogger logger)
{
    private const int Tries = 3;

    private static readonly TimeSpan TryTimeout = TimeSpan.FromMilliseconds(LeaseTerms.LongestLife / Tries);
    private static readonly TimeSpan LeaseLife = TimeSpan.FromMilliseconds(LeaseTerms.LongestLife);

    // Nobody lent to an edge in that time, so that its leases have ended; generous, as the times come from several clocks.
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(15);

    // Generous as well: how lately an edge was heard is written down each few seconds.
    private static readonly TimeSpan PlacesLast = TimeSpan.FromMilliseconds(2 * PlaceLedger.Life);

    private readonly HashSet<Guid> _asking = [];
    private IReadOnlyList<ListedEdge> _listed = [];

    /// <summary>
    /// Asks all edges listed. Done when all have answered; one that does not is waited for until its leases have ended, and what it has not reported to
    /// anybody alive stays unknown.
    /// </summary>
    public async Task LearnAllAsync(CounterPartition partition)
    {
        var waited = new List<Task>();
        var edges = _listed = await services.Edges.ReadAsync();
        foreach (var edge in edges)
        {
            partition.Miss(services.Time.Now, edge.Life, edge.Silence < PlacesLast);
        }

        foreach (var edge in edges)
        {
            var asking = AskAsync(partition, edge.Life, edge.Observer);
            if (edge.Silence < SilentFor)
            {
                waited.Add(asking);
            }
        }

        await Task.WhenAll(waited);
    }

    /// <summary>Asks edges once more that did not answer, and whose shares are kept from others.</summary>
    public async Task AskMissedAsync(CounterPartition partition)
    {
        foreach (var edge in _listed.Where(edge => partition.IsMissed(edge.Life) && !_asking.Contains(edge.Life)))
        {
            if (await EchoAsync(partition, edge.Observer) is { } echo)
            {
                partition.Learn(services.Time.Now, edge.Life, echo.Edge == edge.Life ? echo.Counters : []);
            }
        }
    }

    /// <summary>Asks one edge, unless that is under way.</summary>
    public async Task AskAsync(CounterPartition partition, Guid life, ICounterEdge edge)
    {
        if (!_asking.Add(life))
        {
            return;
        }

        try
        {
            var ends = Task.Delay(LeaseLife, services.Clock);
            for (var tries = 0; tries < Tries && !partition.Knows(life); tries++)
            {
                var tryEnds = Task.Delay(TryTimeout, services.Clock);
                if (await EchoAsync(partition, edge) is { } echo)
                {
                    partition.Learn(services.Time.Now, life, echo.Edge == life ? echo.Counters : []);
                    return;
                }

                await tryEnds;
            }

            await ends;
            Log.Silent(logger, number, life);
            partition.Admit(services.Time.Now, life);
        }
        finally
        {
            _asking.Remove(life);
        }
    }

    private async Task<CounterEcho?> EchoAsync(CounterPartition partition, ICounterEdge edge)
    {
        using var timeout = new CancellationTokenSource(TryTimeout, services.Clock);
        try
        {
            return await edge.Echo(number, partition.Epoch, timeout.Token).WaitAsync(TryTimeout, services.Clock);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or OperationCanceledException)
        {
            Log.NoEcho(logger, number, failure.GetType().Name);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The edge {Life} does not tell partition {Number} what it holds. Its leases have ended; what it spent and told nobody does not count.")]
        public static partial void Silent(ILogger logger, int number, Guid life);

        [LoggerMessage(2, LogLevel.Debug, "An edge gave partition {Number} no echo: {Kind}")]
        public static partial void NoEcho(ILogger logger, int number, string kind);
    }
}
