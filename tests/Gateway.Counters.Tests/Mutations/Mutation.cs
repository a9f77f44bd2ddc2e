using CsCheck;
using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Schedules;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Counters.Tests.Mutations;

/// <summary>A mistake that the protocol must not make, and schedules that show it.</summary>
/// <param name="Name">What is done wrong.</param>
/// <param name="Schedules">What has to happen for that to matter.</param>
/// <param name="Make">Makes the mistake, for one run.</param>
internal sealed record Mutation(string Name, Gen<Schedule> Schedules, Func<Mistake> Make)
{
    private static readonly Gen<Schedule> Calm = ScheduleGen.With(0, 0, FaultKind.Storm);
    private static readonly Gen<Schedule> Storms = ScheduleGen.With(1, 3, FaultKind.Storm);
    private static readonly Gen<Schedule> SilosKilled = ScheduleGen.With(1, 2, FaultKind.SiloKill).Select(schedule => schedule with { Silos = 2 });
    // Leases that outlive a silo's.
    private static readonly Gen<Schedule> SilosKilledOfLongWindows = SilosKilled.Select(schedule => schedule with { Limit = 240, PeriodSeconds = 60, Load = 2, IsBursty = true });
    private static readonly Gen<Schedule> Moves = ScheduleGen.With(1, 3, FaultKind.SiloStop, FaultKind.SiloJoin);
    private static readonly Gen<Schedule> EdgesAway = ScheduleGen.Escrowed(ScheduleGen.With(1, 3, FaultKind.EdgeCut, FaultKind.EdgeUnheard, FaultKind.EdgeDeaf));
    private static readonly Gen<Schedule> EdgesAwayAndSilosKilled =
        ScheduleGen.Escrowed(ScheduleGen.With(2, 4, FaultKind.EdgeUnheard, FaultKind.EdgeDeaf, FaultKind.SiloKill)).Select(schedule => schedule with { Silos = 2 });

    /// <summary>Of rate limits and quotas, judged by <see cref="Simulation"/>.</summary>
    public static Mutation[] OfTokens { get; } =
    [
        // What edges say.
        new("a spend is not charged", Calm, () => Mistake.Asked(request => request with { Spent = 0 })),
        new("one spend of several is not charged", Calm, () => Mistake.Asked(request => request with { Spent = Math.Max(0, request.Spent - 1) })),
        new("more is given back than is not held", Calm, () => Mistake.Asked(request => request with { Held = 0 })),
        new("spends are dated too early", Calm, () => Mistake.Asked(request => request with { Earlier = [new(1000, request.Spent)] })),
        new("a repeated or late report is taken for a new one", Storms, Renumbered),

        // What partitions say.
        new("more is lent than is charged", Calm, () => Mistake.Told(reply => reply.Granted > 0 ? reply with { Granted = reply.Granted + 1 } : reply)),
        new("a grant is taken twice", Calm, GrantedTwice),
        new("a lease is used after its end", ScheduleGen.With(1, 3, FaultKind.EdgePause, FaultKind.EdgeUnheard), () => Mistake.Told(Longer)),
        new("a denial is told too short", Calm.Select(schedule => schedule with { Edges = 1, Load = 5 }), () => Mistake.Told(reply => reply with { RetryAfterMilliseconds = Math.Min(reply.RetryAfterMilliseconds, 50) })),

        // What new holders begin with.
        new("a new holder lends before it has learned", SilosKilled, () => new() { Echo = echo => echo with { Counters = [] } }),
        new("a new holder does not learn what was spent", SilosKilled, () => Mistake.Echoed(memory => memory with { Spent = [] })),
        new("a new holder does not learn what is held", SilosKilledOfLongWindows, () => Mistake.Echoed(memory => memory with { Held = 0 })),
        new("charges are not handed over", Moves, () => Mistake.HandedOver(memory => memory with { Counters = [] })),
        new("spends are not handed over", Moves, () => Mistake.HandedOver(memory => memory with { Counters = [.. memory.Counters.Select(WithoutSpends)] })),
        new("grants are numbered anew", Moves, () => Mistake.HandedOver(memory => memory with { Grant = 0 })),

        // Shares for times without silos.
        new("an edge does not tell its share", EdgesAway, () => Mistake.Asked(request => request with { Escrow = request.Escrow is { } claim ? claim with { Tokens = 0 } : null })),
        new("an edge does not tell that it has used its share", EdgesAway, () => Mistake.Asked(request => request with { Escrow = request.Escrow is { } claim ? claim with { IsUsed = false } : null })),
        new("a share is used at once", EdgesAway, () => Mistake.Told(reply => reply with { Escrow = reply.Escrow is { } terms ? terms with { FromMilliseconds = 0 } : null })),
        new("a new holder does not learn of shares", EdgesAwayAndSilosKilled, () => Mistake.Echoed(memory => memory with { Escrow = 0 })),

        // Quotas.
        new("a spend of a quota is taken for given back", ScheduleGen.Quotas(Calm), () => Mistake.Asked(request => request with { Spent = 0 })),
        new("a lost grant of a quota stays used", ScheduleGen.Quotas(Storms).Select(schedule => schedule with { Limit = 100, Tokens = 1, GivenBack = 0, Load = 0.5 }), () => Mistake.Asked(request => request with { LostSince = 0 })),
        new("a quota's reservation is not kept", ScheduleGen.Quotas(SilosKilled), () => Mistake.Reserved(record => record with { Reserved = 0 })),
        new("less of a quota is handed over than is reserved", ScheduleGen.Quotas(Moves), () => Mistake.HandedOver(memory => memory with { Counters = [.. memory.Counters.Select(Unreserved)] })),
        new("a period ends before its time", ScheduleGen.Periods(ScheduleGen.Quotas(SilosKilled)), () => Mistake.Reserved(record => record with { End = record.End - ((record.End - record.Start) / 2) })),
        new("tokens of a period are used in the next", ScheduleGen.Periods(ScheduleGen.Quotas(Calm)), () => Mistake.Told(Longer)),
    ];

    /// <summary>Of requests at the same time, judged by <see cref="PlaceSimulation"/>.</summary>
    public static Mutation[] OfPlaces { get; } =
    [
        new("places in use are taken for given back", ScheduleGen.Escrowed(Calm), () => Mistake.Asked(request => request with { Held = 0 })),
        new("one place of several is taken for given back", ScheduleGen.Escrowed(Calm), () => Mistake.Asked(request => request with { Held = request.Held / 2 })),
        new("places are used after their end", EdgesAway, () => Mistake.Told(Longer)),
        new("a new holder does not learn who has places", ScheduleGen.Escrowed(SilosKilled), () => Mistake.Echoed(memory => memory with { Held = 0 })),
        new("places are not handed over", ScheduleGen.Escrowed(Moves), () => Mistake.HandedOver(memory => memory with { Counters = [] })),
    ];

    /// <inheritdoc />
    public override string ToString() => Name;

    private static LeaseReply Longer(LeaseReply reply) => reply with { ValidForMilliseconds = 4 * reply.ValidForMilliseconds };

    private static LedgerMemory WithoutSpends(LedgerMemory memory) => memory with { Shares = [.. memory.Shares.Select(share => share with { Spent = [] })] };

    private static LedgerMemory Unreserved(LedgerMemory memory) => memory with { Quota = QuotaRecord.Parse(memory.Quota) is { } record ? (record with { Reserved = 0 }).ToString() : memory.Quota };

    private static Mistake Renumbered()
    {
        var number = 0L;
        return new() { Call = call => call with { Sequence = ++number } };
    }

    private static Mistake GrantedTwice()
    {
        LeaseAnswer? last = null;
        return new()
        {
            Answer = answer =>
            {
                var isGrant = answer.Replies is [{ Granted: > 0 }];
                (last, var told) = isGrant ? (answer, answer) : (last, last?.Epoch == answer.Epoch ? last : answer);
                return told;
            },
        };
    }
}
