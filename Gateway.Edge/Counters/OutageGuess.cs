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
    /// <param name="wish">What it wants.</param>
    /// <param name="escrow">This edge's share for an outage; null when it never had one.</param>
    /// <param name="now">Now.</param>
    public LimitDecision Decide(in TokenWish wish, EscrowShare? escrow, long now)
    {
        _last = wish.OnOutage;
        return wish.OnOutage switch
        {
            LimitOutage.LastSeen => Share(wish.Count, now),
            LimitOutage.Open => Pass(_grant, wish.Count, view.Remaining, now),
            LimitOutage.Escrow when escrow?.IsDue(now) == true => Escrow(escrow, wish.Count, now),
            _ => Decisions.Undecided,
        };
    }

    private LimitDecision Pass(EdgeGrant grant, long count, long left, long now, long within = 0)
    {
        hand.Pass(count, now, within);
        return Decisions.Admit(site.Stamped(grant), left);
    }

    private LimitDecision Escrow(EscrowShare escrow, long count, long now) => escrow.TryTake(count, now, counter.Window, counter.History, out var left, out var freeAt)
        ? Pass(new NoGrant(counter, now, now + escrow.Within), count, left, now, escrow.Within)
        : Decisions.Deny(site.Clock.SecondsUntil(freeAt, now));

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
        return passes ? Pass(_grant, count, left, now) : Decisions.Deny(site.Clock.SecondsUntil(freeAt, now));
    }
}
