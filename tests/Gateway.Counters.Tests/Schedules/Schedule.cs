using Gateway.Policies.Execution;

namespace Gateway.Counters.Tests.Schedules;

/// <summary>
/// One run of the model: who asks for what, and what goes wrong. <see cref="ToString"/> is C#, to be pasted into a regression test.
/// </summary>
internal sealed record Schedule
{
    /// <summary>Decides about all that the schedule leaves open: delays, which silo is asked, when requests come.</summary>
    public required int Seed { get; init; }

    public int Limit { get; init; } = 10;

    public int PeriodSeconds { get; init; } = 2;

    public int Edges { get; init; } = 2;

    public int Silos { get; init; } = 2;

    /// <summary>Requests as a multiple of the limit.</summary>
    public double Load { get; init; } = 1.5;

    /// <summary>True: they come in bursts.</summary>
    public bool IsBursty { get; init; }

    /// <summary>True: nearly all go to one edge, which changes.</summary>
    public bool IsSkewed { get; init; }

    /// <summary>Share of the tokens that are given back.</summary>
    public double GivenBack { get; init; }

    /// <summary>Tokens of a request, at most.</summary>
    public int Tokens { get; init; } = 1;

    /// <summary>True: edges ask for tokens ahead of the requests, whatever the limit.</summary>
    public bool IsAhead { get; init; }

    /// <summary>How far clocks run apart at most, in thousandths.</summary>
    public double Drift { get; init; } = 8;

    /// <summary>How long faults happen, in milliseconds.</summary>
    public int Chaos { get; init; } = 8000;

    /// <summary>What happens without silos.</summary>
    public LimitOutage OnOutage { get; init; } = LimitOutage.Closed;

    /// <summary>The limit is changed by a publication; null when it stays. Then the counter is a subscription's, whose name does not hold the period.</summary>
    public LimitChange? Change { get; init; }

    /// <summary>True: it is a quota that never ends, of which requests take the whole in about a period.</summary>
    public bool IsQuota { get; init; }

    /// <summary>True: it is a quota of periods.</summary>
    public bool IsPeriodic { get; init; }

    /// <summary>True: the store answers that no silo lives, so that partitions are taken from holders that do.</summary>
    public bool IsFenceless { get; init; }

    /// <summary>True: the store writes whatever it holds, so that two holders reserve the same.</summary>
    public bool IsCareless { get; init; }

    public Fault[] Faults { get; init; } = [];

    /// <summary>What it allows in the end.</summary>
    public (int Limit, int PeriodSeconds) Final => Change is null ? (Limit, PeriodSeconds) : (Change.Limit, Change.PeriodSeconds);

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($$"""
        new Schedule
        {
            Seed = {{Seed}}, Limit = {{Limit}}, PeriodSeconds = {{PeriodSeconds}}, Edges = {{Edges}}, Silos = {{Silos}}, Load = {{Load}},
            IsBursty = {{Text(IsBursty)}}, IsSkewed = {{Text(IsSkewed)}}, GivenBack = {{GivenBack}}, Tokens = {{Tokens}}, IsAhead = {{Text(IsAhead)}}, Drift = {{Drift}}, Chaos = {{Chaos}}, OnOutage = LimitOutage.{{OnOutage}},
            Change = {{Change?.ToString() ?? "null"}}, IsQuota = {{Text(IsQuota)}}, IsPeriodic = {{Text(IsPeriodic)}}, IsFenceless = {{Text(IsFenceless)}}, IsCareless = {{Text(IsCareless)}},
            Faults = [{{string.Join(", ", Faults.Select(fault => fault.ToString()))}}],
        }
        """);

    private static string Text(bool value) => value ? "true" : "false";
}
