using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>What an edge does with requests of one counter when nobody knows. Under the lock of the partition.</summary>
internal sealed class OutageGuess(LeasedCounter counter, CounterSite site, TokenHand hand, SiteView view)
{
    private readonly EdgeGrant _grant = new NoGrant(counter);
    private OutageShare _share;
    private LimitOutage _last = LimitOutage.Closed;

    /// <summary>A partition has answered.</summary>
    public void End()
    {
        _share.End();
        _last = LimitOutage.Closed;
    }

    /// <summary>What it lets pass in one window, since no partition has decided; null when that is not bounded.</summary>
    public long? Bound => _last == LimitOutage.Open ? null : _last == LimitOutage.LastSeen ? counter.Definition.Limit / Math.Max(1, Edges) : 0;

    private int Edges => view.ActiveEdges > 0 ? view.ActiveEdges : site.Contact.ActiveEdges;

    /// <summary>The word on a request.</summary>
    public LimitDecision Decide(in TokenWish wish, long now)
    {
        _last = wish.OnOutage;
        if (wish.OnOutage == LimitOutage.Closed)
        {
            return Decisions.Undecided;
        }

        return wish.OnOutage == LimitOutage.LastSeen ? Share(wish.Count, now) : Pass(wish.Count, view.Remaining, now);
    }

    private LimitDecision Pass(long count, long left, long now)
    {
        hand.Pass(count, now);
        return Decisions.Admit(site.Stamped(_grant), left);
    }

    private LimitDecision Share(long count, long now)
    {
        var edges = Edges;
        if (edges == 0)
        {
            return Decisions.Undecided;
        }

        var definition = counter.Definition;
        var share = definition.Limit / edges;
        (long Left, long At)? known = view.ActiveEdges == 0 ? null : (view.Remaining / edges, view.AnsweredAt);
        var passes = definition.Quota is { } quota
            ? _share.TryTakeOfPeriod(count, now, (view.PeriodEnds, site.Clock.Ticks(TimeSpan.FromSeconds(quota.Seconds))), share, known?.Left, out var left, out var freeAt)
            : _share.TryTake(count, now, counter.Window, share, known, counter.History, out left, out freeAt);
        return passes ? Pass(count, left, now) : Decisions.Deny(site.Clock.SecondsUntil(freeAt, now));
    }
}
