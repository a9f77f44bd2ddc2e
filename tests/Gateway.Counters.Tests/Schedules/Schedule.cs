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

    public Fault[] Faults { get; init; } = [];

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($$"""
        new Schedule
        {
            Seed = {{Seed}}, Limit = {{Limit}}, PeriodSeconds = {{PeriodSeconds}}, Edges = {{Edges}}, Silos = {{Silos}}, Load = {{Load}},
            IsBursty = {{Text(IsBursty)}}, IsSkewed = {{Text(IsSkewed)}}, GivenBack = {{GivenBack}}, Tokens = {{Tokens}}, IsAhead = {{Text(IsAhead)}}, Drift = {{Drift}}, Chaos = {{Chaos}}, OnOutage = LimitOutage.{{OnOutage}},
            Faults = [{{string.Join(", ", Faults.Select(fault => fault.ToString()))}}],
        }
        """);

    private static string Text(bool value) => value ? "true" : "false";
}
