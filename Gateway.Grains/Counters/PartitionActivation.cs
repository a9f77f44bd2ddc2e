using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Holding;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Counters.Quotas;
using Gateway.Grains.Counters.Views;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Counters;

/// <summary>
/// One activation of a partition, apart from the actor that carries it: answers calls while it may lend, asks edges for what it does not know and for
/// tokens that others wait for. Runs on the activation's scheduler only, and is reentrant.
/// </summary>
internal sealed class PartitionActivation
{
    private const long FarEpoch = 1L << 50;
    private const int TicksPerSweep = 5;

    // A call waits this long for a partition on its way, so that an edge need not knock often.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<Guid, ICounterEdge> _edges = [];
    private readonly int _number;
    private readonly HoldingServices _services;
    private readonly PartitionLearning _learning;
    private readonly PartitionHolding _holding;
    private int _ticks;

    /// <summary>Begins it; it holds nothing yet.</summary>
    /// <param name="number">The partition, 0 to 255.</param>
    /// <param name="services">What the partitions of the silo share.</param>
    /// <param name="leave">Ends the activation soon.</param>
    /// <param name="logger">Where it says what happens.</param>
    public PartitionActivation(int number, HoldingServices services, Action leave, ILogger logger)
    {
        (_number, _services) = (number, services);
        _learning = new PartitionLearning(number, services, logger);
        _holding = new PartitionHolding(number, services, _learning, leave, logger);
    }

    /// <summary>Hands the partition over to whoever follows.</summary>
    public Task EndAsync() => _holding.EndAsync();

    /// <summary>Answers a call; without the partition in hand it waits a little for it.</summary>
    public async Task<LeaseAnswer> AcquireAsync(LeaseCall call, CancellationToken cancellationToken)
    {
        _edges[call.Edge] = call.Observer;
        var listing = _services.Edges.NoteAsync(call.Edge, call.Observer);
        if (!listing.IsCompletedSuccessfully)
        {
            await listing;
        }

        await TakeAsync(cancellationToken);
        return _holding.Usable(_services.Time.Now) is { } partition ? Acquire(partition, call) : CounterPartition.NotReady(call.Epoch);
    }

    /// <summary>So many of its most used counters; null when nothing is lent from it now.</summary>
    public PartitionView? Describe(int most)
    {
        var now = _services.Time.Now;
        return _holding.Usable(now) is { } partition ? PartitionDescriber.Describe(partition, now, most) : null;
    }

    /// <summary>What is known of a quota.</summary>
    public async Task<QuotaView?> ViewAsync(CounterId counter, CounterDefinition definition)
    {
        await TakeAsync(CancellationToken.None);
        return await _holding.QuotaAsync(counter, definition, null);
    }

    /// <summary>Sets what is counted of a quota, and asks all edges for their tokens.</summary>
    public async Task<QuotaView?> SetAsync(CounterId counter, CounterDefinition definition, long count)
    {
        await TakeAsync(CancellationToken.None);
        var view = await _holding.QuotaAsync(counter, definition, count);
        if (view is not null && _holding.Usable(_services.Time.Now) is { } partition)
        {
            foreach (var edge in _edges.Values)
            {
                edge.Recall(_number, partition.Epoch, [counter]).Ignore();
            }

            _services.Telemetry.CountRecalls(_edges.Count);
        }

        return view;
    }

    private async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (_holding.Usable(_services.Time.Now) is null)
        {
            await _holding.TakeAsync().WaitAsync(Patience, _services.Clock, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private LeaseAnswer Acquire(CounterPartition partition, LeaseCall call)
    {
        if (call.Epoch > partition.Epoch)
        {
            if (call.Epoch - partition.Epoch > FarEpoch)
            {
                throw new ArgumentException($"The epoch {call.Epoch} is none of ours.", nameof(call));
            }

            _holding.Outgrow(call.Epoch);
            return CounterPartition.NotReady(call.Epoch);
        }

        partition.Census.Edges = _services.Edges.Count;
        var answer = partition.Acquire(_services.Time.Now, call);
        _services.Telemetry.Count(answer);
        if (answer.NeedsEcho)
        {
            _learning.AskAsync(partition, call.Edge, call.Observer).Ignore();
        }

        _holding.KeepQuotasAsync().Ignore();
        foreach (var recall in answer.Recalls?.GroupBy(recall => recall.Edge, recall => recall.Counter) ?? [])
        {
            if (_edges.TryGetValue(recall.Key, out var edge))
            {
                edge.Recall(_number, partition.Epoch, [.. recall]).Ignore();
                _services.Telemetry.CountRecalls(1);
            }
        }

        return answer.Lease;
    }

    /// <summary>Sweeps now and then, and takes the partition before the first call needs it.</summary>
    public async Task TickAsync()
    {
        if (_holding.Usable(_services.Time.Now) is not { } partition)
        {
            // Not longer: the activation can only end when no tick runs.
            var taking = _holding.TakeAsync();
            if (await Task.WhenAny(taking, Task.Delay(Patience, _services.Clock)) == taking)
            {
                await taking;
            }
        }
        else
        {
            Tend(partition);
            await _holding.LookAtClockAsync();
            await _holding.KeepQuotasAsync();
        }
    }

    private void Tend(CounterPartition partition)
    {
        if (_ticks++ % TicksPerSweep == 0)
        {
            _services.Telemetry.CountStranded(partition.Sweep(_services.Time.Now));
            _learning.AskMissedAsync(partition).Ignore();
            foreach (var edge in _edges.Keys)
            {
                if (!partition.Knows(edge))
                {
                    _edges.Remove(edge);
                }
            }
        }
    }
}
