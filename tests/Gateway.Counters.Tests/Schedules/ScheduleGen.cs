using CsCheck;
using Gateway.Policies.Execution;

namespace Gateway.Counters.Tests.Schedules;

/// <summary>Makes schedules. Smaller is simpler: what fails is shrunk to few faults, edges and requests.</summary>
internal static class ScheduleGen
{
    /// <summary>All that let not one too many pass.</summary>
    public static readonly FaultKind[] Any = [.. Enum.GetValues<FaultKind>().Where(kind => kind != FaultKind.EdgeSleep)];

    public static readonly FaultKind[] OfEdges =
        [FaultKind.EdgeKill, FaultKind.EdgePause, FaultKind.EdgeStall, FaultKind.EdgeCut, FaultKind.EdgeUnheard, FaultKind.EdgeDeaf];

    public static readonly FaultKind[] OfSilos =
        [FaultKind.SiloKill, FaultKind.SiloPause, FaultKind.SiloStall, FaultKind.SiloStop, FaultKind.SiloJoin, FaultKind.SiloSplit];

    public static readonly FaultKind[] OfTheStore =
        [FaultKind.StoreCut, FaultKind.StoreMute, FaultKind.StoreStop, FaultKind.StoreHang, FaultKind.StoreFlush];

    public static readonly FaultKind[] Harmless = [FaultKind.Step, FaultKind.Storm, FaultKind.SiloStop, FaultKind.SiloJoin, FaultKind.EdgeStop];

    /// <summary>Schedules with some of these faults.</summary>
    public static Gen<Schedule> With(int least, int most, params FaultKind[] kinds)
    {
        var fault = Gen.Select(
            Gen.Int[500, 7500], Gen.OneOf(kinds), Gen.Int[0, 5], Gen.Int[0, 30], Gen.Int[1, 8000],
            (at, kind, node, other, time) => new Fault(at, kind, node, other, time));
        return Gen.Select(
            Gen.Int[0, int.MaxValue / 2],
            Gen.OneOf(1, 1, 2, 2, 5, 5, 10, 10, 30, 30, 100, 240),
            Gen.OneOf(1, 2, 3, 6, 12),
            Gen.Int[1, 4],
            Gen.Int[1, 3],
            Gen.Select(Gen.OneOf(0.5, 1.5, 5), Gen.Bool, Gen.Bool, Gen.OneOf(0, 0.2), Gen.OneOf(1, 1, 3), Gen.Bool),
            fault.Array[least, most],
            (seed, limit, period, edges, silos, load, faults) => new Schedule
            {
                Seed = seed,
                Limit = limit,
                PeriodSeconds = period,
                Edges = edges,
                Silos = silos,
                Load = load.Item1,
                IsBursty = load.Item2,
                IsSkewed = load.Item3,
                GivenBack = load.Item4,
                Tokens = load.Item5,
                IsAhead = load.Item6,
                Faults = [.. faults.OrderBy(fault => fault.At)],
            });
    }

    /// <summary>Of a quota that never ends. Not before all partitions are where they belong: one on its way when the store is flushed is nobody's.</summary>
    public static Gen<Schedule> Quotas(Gen<Schedule> schedules) => schedules.Select(schedule => schedule with
    {
        IsQuota = true,
        PeriodSeconds = 12,
        Chaos = 14_000,
        Faults = [.. schedule.Faults.Select(fault => fault with { At = fault.At + 5000 })],
    });

    /// <summary>Of a quota of periods.</summary>
    public static Gen<Schedule> Periods(Gen<Schedule> quotas) =>
        Gen.Select(quotas, Gen.Int[5, 12], (schedule, period) => schedule with { IsPeriodic = true, PeriodSeconds = period });

    /// <summary>Long enough that edges go by their shares.</summary>
    public static Gen<Schedule> Escrowed(Gen<Schedule> schedules) => schedules.Select(schedule => schedule with
    {
        OnOutage = LimitOutage.Escrow,
        Chaos = 60_000,
        Limit = Math.Min(schedule.Limit, 30),
        Load = Math.Min(schedule.Load, 1.5),
        Faults = [.. schedule.Faults.Select(Longer)],
    });

    // Not before all edges have been heard. Stalls wait for each other, so that long ones would not be over in time.
    private static Fault Longer(Fault fault) => fault with
    {
        At = fault.At + 6000,
        For = fault.Kind is FaultKind.Step or FaultKind.EdgeStall or FaultKind.SiloStall ? fault.For : 6 * fault.For,
    };
}
