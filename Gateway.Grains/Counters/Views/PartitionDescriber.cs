using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Counters.Views;

/// <summary>Finds the most used counters of a partition and describes them. The others cost some hundred nanoseconds each.</summary>
internal static class PartitionDescriber
{
    /// <summary>Describes a partition.</summary>
    /// <param name="partition">The partition, on the scheduler of its activation.</param>
    /// <param name="now">The moment.</param>
    /// <param name="most">How many counters, 1 and up.</param>
    public static PartitionView Describe(CounterPartition partition, long now, int most)
    {
        var stranded = 0L;
        var hottest = new Hottest<(CounterId Counter, ICounterLedger Ledger)>(most);
        foreach (var (counter, ledger) in partition.Counters)
        {
            if (ledger is CounterLedger sliding)
            {
                stranded += sliding.Sweep(now);
            }

            var (used, lent) = Charged(ledger, now);
            hottest.Add((counter, ledger), LimitHeat.Of(counter, used + lent, ledger.Definition.Limit));
        }

        return new PartitionView(partition.Count, [.. hottest.Items.Select(item => Describe(item.Counter, item.Ledger, now))], stranded);
    }

    private static (long Used, long Lent) Charged(ICounterLedger ledger, long now) => ledger switch
    {
        CounterLedger sliding => Sum(sliding),
        QuotaLedger quota => (quota.Account.IsOpen(now) ? quota.View(now).Used : 0, quota.Lent),
        PlaceLedger places => (0, places.Held),
        _ => (0, 0),
    };

    private static (long Used, long Lent) Sum(CounterLedger ledger)
    {
        var (used, lent) = (0L, 0L);
        foreach (var share in ledger.Shares)
        {
            (used, lent) = (used + share.Spent.Total, lent + share.Lent);
        }

        return (used, lent);
    }

    private static LimitView Describe(CounterId counter, ICounterLedger ledger, long now)
    {
        var (used, lent) = Charged(ledger, now);
        var holders = Holders(ledger);
        var view = new LimitView
        {
            Counter = counter,
            Definition = ledger.Definition,
            Used = used,
            Lent = lent,
            Holders = [.. holders.OrderByDescending(holder => holder.Held + (holder.Spent ?? 0)).ThenBy(holder => holder.Edge).Take(LimitView.MostHolders)],
            HolderCount = holders.Count,
            Silo = "",
            Mode = LendingMode.None,
        };
        return ledger is QuotaLedger quota ? WithPeriod(view, quota, now) : view;
    }

    private static List<LimitHolder> Holders(ICounterLedger ledger) => ledger switch
    {
        CounterLedger sliding => [.. sliding.Shares.Where(share => share.Charged > 0).Select(share => new LimitHolder { Edge = share.Edge, Held = share.Lent, Spent = share.Spent.Total })],
        QuotaLedger quota => [.. quota.Shares.Where(share => share.Lent > 0).Select(share => new LimitHolder { Edge = share.Edge, Held = share.Lent })],
        PlaceLedger places => [.. places.Shares.Where(share => share.Held > 0).Select(share => new LimitHolder { Edge = share.Edge, Held = share.Held })],
        _ => [],
    };

    private static LimitView WithPeriod(LimitView view, QuotaLedger quota, long now)
    {
        var titled = view with
        {
            Title = quota.Label is { } label ? CounterTitle.Of(view.Counter, label) : null,
            StoreLoss = QuotaAccount.Chunk(quota.Definition.Limit),
        };
        if (!quota.Account.IsOpen(now))
        {
            return titled;
        }

        var (start, end, _) = quota.View(now);
        return titled with
        {
            Start = DateTimeOffset.FromUnixTimeMilliseconds(start),
            End = end == QuotaCalendar.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(end),
        };
    }
}
