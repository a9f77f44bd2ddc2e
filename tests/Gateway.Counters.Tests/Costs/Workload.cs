using static Gateway.Counters.Tests.Engine.Timeline;

namespace Gateway.Counters.Tests.Costs;

/// <summary>Who asks for how much.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Load">Requests as a multiple of the limit, at a time.</param>
/// <param name="Edge">The edge that gets a request.</param>
/// <param name="Trouble">What goes wrong.</param>
internal sealed record Workload(string Name, Func<long, double> Load, Func<Random, long, int, int> Edge, Trouble Trouble = Trouble.None)
{
    private static readonly Func<Random, long, int, int> Anywhere = (random, _, edges) => random.Next(edges);

    /// <summary>Those of the table.</summary>
    public static Workload[] All { get; } =
    [
        new("0.8 ×", _ => 0.8, Anywhere),
        new("1.5 ×", _ => 1.5, Anywhere),
        new("10 ×", _ => 10, Anywhere),
        new("bursts", now => now / Second % 30 < 2 ? 20 : 0.2, Anywhere),
        new("one edge", _ => 1.5, (random, _, edges) => random.Next(10) == 0 ? random.Next(edges) : 0),
        new("moving", _ => 1.5, (_, now, edges) => (int)(now / (7 * Second) % edges)),
        new("edges die", _ => 1.5, Anywhere, Trouble.EdgesDie),
        new("silo lost", _ => 1.5, Anywhere, Trouble.SiloLost),
        new("1 % lost", _ => 1.5, Anywhere, Trouble.MessagesLost),
    ];
}

/// <summary>What goes wrong while costs are measured.</summary>
internal enum Trouble
{
    None,

    /// <summary>One edge each 20 s.</summary>
    EdgesDie,

    /// <summary>The silo that holds the counter, after 90 s.</summary>
    SiloLost,

    /// <summary>One message of a hundred.</summary>
    MessagesLost,
}
