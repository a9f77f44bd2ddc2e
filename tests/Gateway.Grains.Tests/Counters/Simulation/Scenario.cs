namespace Gateway.Grains.Tests.Counters.Simulation;

/// <summary>One run: who asks for what, and what goes wrong. Times in microseconds, chances per message.</summary>
internal sealed record Scenario
{
    public const long Millisecond = 1000;
    public const long Second = 1000 * Millisecond;

    public required int Seed { get; init; }

    public required long Limit { get; init; }

    public long Period { get; init; } = 60 * Second;

    public required int Edges { get; init; }

    public long Duration { get; init; } = 180 * Second;

    /// <summary>Requests a second of the whole site, at a time.</summary>
    public required Func<long, double> Rate { get; init; }

    /// <summary>Which edge gets a request.</summary>
    public Func<Random, long, int, int> Balancer { get; init; } = static (random, _, edges) => random.Next(edges);

    public double Loss { get; init; }

    public double Duplicates { get; init; }

    /// <summary>Chance of a delay of up to 3 s, by which messages overtake each other.</summary>
    public double Stragglers { get; init; }

    /// <summary>Edges killed in a second, each replaced by a new life.</summary>
    public double EdgeDeaths { get; init; }

    /// <summary>Pauses of an edge in a second, up to 6 s each.</summary>
    public double EdgePauses { get; init; }

    /// <summary>Times at which the holder is killed; the next one takes over after the fence's 3 s.</summary>
    public long[] HolderLosses { get; init; } = [];

    /// <summary>Times at which the holder is replaced as planned, with its memory.</summary>
    public long[] HandOvers { get; init; } = [];

    /// <summary>Times at which the holder stands still for up to 2 s.</summary>
    public long[] HolderPauses { get; init; } = [];

    /// <summary>Later limits, each by a newer publication that reaches the edges one after the other.</summary>
    public (long At, long Limit)[] Changes { get; init; } = [];
}
