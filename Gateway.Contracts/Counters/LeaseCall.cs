namespace Gateway.Contracts.Counters;

/// <summary>One call of an edge to one partition.</summary>
[GenerateSerializer, Immutable, Alias("gw.LeaseCall")]
public sealed record LeaseCall
{
    /// <summary>This life of the edge process; another after a restart. Its tokens die with it.</summary>
    [Id(0)] public required Guid Edge { get; init; }

    /// <summary>Where the partition asks for tokens back, and for what a lost partition knew.</summary>
    [Id(1)] public required ICounterEdge Observer { get; init; }

    /// <summary>
    /// Counts up with every call of this edge to this partition; compared per counter. A call that comes again or late changes nothing and gets
    /// nothing. One call per counter is under way at a time; one without an answer is given up, and its late answer ignored.
    /// </summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>
    /// The partition's epoch that the edge knows: of the last echo or, before any, of the last answer; 0 for none. When it is not the partition's,
    /// reports are ignored, and the partition asks for the edge's echo.
    /// </summary>
    [Id(3)] public required long Epoch { get; init; }

    /// <summary>What is asked, a counter once.</summary>
    [Id(4)] public required LeaseRequest[] Requests { get; init; }
}

/// <summary>What an edge says of one counter, and wants of it.</summary>
[GenerateSerializer, Immutable, Alias("gw.LeaseRequest")]
public sealed record LeaseRequest
{
    /// <summary>The counter.</summary>
    [Id(0)] public required CounterId Counter { get; init; }

    /// <summary>What it allows.</summary>
    [Id(1)] public required CounterDefinition Definition { get; init; }

    /// <summary>Tokens that would last for the edge's horizon; 0 only to report.</summary>
    [Id(2)] public long Want { get; init; }

    /// <summary>Requests that wait for a token now.</summary>
    [Id(3)] public int Waiting { get; init; }

    /// <summary>
    /// Tokens spent that no answered call has reported yet; a call that was given up has reported nothing. A token once reported is gone, also when
    /// its request gives it back.
    /// </summary>
    [Id(4)] public long Spent { get; init; }

    /// <summary>
    /// Tokens held and not spent as the call goes out, and still valid. Whatever else the partition has lent to this edge is given back by that: 0
    /// gives everything back. <see cref="Spent"/> and <see cref="Held"/> together are never more than what was granted and not accounted for.
    /// Of requests at the same time: the places that the edge has, in use or not; each call that is answered renews all of them.
    /// </summary>
    [Id(5)] public long Held { get; init; }

    /// <summary>
    /// What was used beyond what was granted, because the cost of a request was known only after it: all of it since the edge has known this counter,
    /// not only the news, so that a call which comes twice is charged once. Charged at once, also below zero. Less than before means that the edge has begun
    /// anew: then all of it is charged.
    /// </summary>
    [Id(6)] public long Owed { get; init; }

    /// <summary>Of a quota: how operators find it; with every call, as the partition need not keep it. Null for a rate limit.</summary>
    [Id(7)] public QuotaLabel? Label { get; init; }

    /// <summary>
    /// Tokens that the first waiting request needs, which takes all or none: a grant of fewer would help nobody, and is not made while anything waits.
    /// 0 and 1 mean that any number will do.
    /// </summary>
    [Id(8)] public long Least { get; init; }

    /// <summary>
    /// The first call about this counter that was given up since one was answered; 0 for none. What it or a later one was granted has not come to the
    /// edge: it was neither spent nor is it held, so that spends which are told again cannot be taken for spends of that.
    /// </summary>
    [Id(9)] public long LostSince { get; init; }

    /// <summary>
    /// Of what is <see cref="Spent"/>, how long ago it was at least as the call goes out, the newest first; what is not in it counts as spent now. So a
    /// report that comes late frees it in time. Nothing of a quota.
    /// </summary>
    [Id(10)] public SpendMemory[] Earlier { get; init; } = [];

    /// <summary>Its share for times without silos; null when it has none and needs none. Nothing of a quota.</summary>
    [Id(11)] public EscrowClaim? Escrow { get; init; }
}

/// <summary>The answer to a <see cref="LeaseCall"/>.</summary>
[GenerateSerializer, Immutable, Alias("gw.LeaseAnswer")]
public sealed record LeaseAnswer
{
    /// <summary>
    /// The partition's epoch: another, greater one after every loss of its memory. An answer of a smaller epoch than the edge knows is ignored. One
    /// with replies and a greater epoch: tokens held from before are void, and the edge takes over the epoch.
    /// </summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>The answers in the order of the requests; empty when the partition is not ready (see <see cref="RetryAfterMilliseconds"/>).</summary>
    [Id(1)] public required LeaseReply[] Replies { get; init; }

    /// <summary>When to ask again because the partition still learns what its predecessor knew; 0 when it is ready.</summary>
    [Id(2)] public int RetryAfterMilliseconds { get; init; }
}

/// <summary>The answer for one counter.</summary>
[GenerateSerializer, Immutable, Alias("gw.LeaseReply")]
public sealed record LeaseReply
{
    /// <summary>Tokens granted; 0 when there are none now.</summary>
    [Id(0)] public long Granted { get; init; }

    /// <summary>Numbers the grant inside the epoch; 0 without one.</summary>
    [Id(1)] public long Grant { get; init; }

    /// <summary>How long the tokens may be spent, from the moment the edge <b>sent</b> the call, on its monotonic clock.</summary>
    [Id(2)] public int ValidForMilliseconds { get; init; }

    /// <summary>What the site has left after this grant, tokens held by edges counted as gone.</summary>
    [Id(3)] public long Remaining { get; init; }

    /// <summary>Edges that asked for this counter lately.</summary>
    [Id(4)] public int ActiveEdges { get; init; }

    /// <summary>True when the window's allowance is spent, not merely lent: the edge may remember the denial for <see cref="RetryAfterMilliseconds"/> from the answer.</summary>
    [Id(5)] public bool IsSpent { get; init; }

    /// <summary>
    /// When asking again is worth a call. Of a spent counter never before the next possible admission, at most the life of a lease (a 15th of the window, 4 s)
    /// after it, and at most the window. Of a spent quota at most a minute, since its count can be set: the next admission is when its period ends.
    /// </summary>
    [Id(6)] public int RetryAfterMilliseconds { get; init; }

    /// <summary>Of a quota: how long its period still lasts; 0 when it never ends, and of a rate limit.</summary>
    [Id(7)] public long PeriodEndsInMilliseconds { get; init; }

    /// <summary>
    /// Of a quota: true when nothing can be granted because the state store does not answer. Waiting is of no use until <see cref="RetryAfterMilliseconds"/>;
    /// requests without a token are dealt with as in an outage.
    /// </summary>
    [Id(8)] public bool IsStoreAway { get; init; }

    /// <summary>What the edge may let pass when nobody answers any more; null for nothing: what it heard before holds no more.</summary>
    [Id(9)] public EscrowTerms? Escrow { get; init; }
}
