using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Chaos;

/// <summary>Something that goes wrong, and comes right again.</summary>
/// <param name="Name">What it is.</param>
/// <param name="LostEdges">Edges that may not report what they let pass meanwhile.</param>
/// <param name="Strike">Makes it so.</param>
/// <param name="Mend">Ends it.</param>
internal sealed record Fault(string Name, int[] LostEdges, Func<Task> Strike, Func<Task> Mend)
{
    /// <summary>A fault of one thing at a time.</summary>
    public static Fault Single(ChaosSite site, Random random) => random.Next(12) switch
    {
        0 => SiloKilled(site, random.Next(ChaosSite.Silos)),
        1 => SiloHangs(site, random.Next(ChaosSite.Silos)),
        2 => EdgeKilled(site, random.Next(ChaosSite.Edges)),
        3 => EdgeHangs(site, random.Next(ChaosSite.Edges)),
        4 => StoreHangs(site),
        5 => StoreKilled(site),
        6 => Cut(site, [random.Next(ChaosSite.Silos)], []),
        7 => Cut(site, [], [random.Next(ChaosSite.Edges)]),
        8 => SiloStopped(site, random.Next(ChaosSite.Silos)),
        9 => SilosApart(site, random.Next(ChaosSite.Silos)),
        10 => EdgeApart(site, random.Next(ChaosSite.Silos), random.Next(ChaosSite.Edges), oneWay: false),
        _ => EdgeApart(site, random.Next(ChaosSite.Silos), random.Next(ChaosSite.Edges), oneWay: true),
    };

    /// <summary>A silo and an edge in the same window, in one of several ways.</summary>
    public static Fault SiloAndEdge(ChaosSite site, Random random)
    {
        var (silo, edge) = (random.Next(ChaosSite.Silos), random.Next(ChaosSite.Edges));
        return random.Next(4) switch
        {
            0 => Cut(site, [silo], [edge]),
            1 => Both(SiloKilled(site, silo), EdgeKilled(site, edge)),
            2 => Both(SiloHangs(site, silo), EdgeHangs(site, edge)),
            _ => Both(SiloKilled(site, silo), Cut(site, [], [edge])),
        };
    }

    private static Fault SiloKilled(ChaosSite site, int silo) => new(
        $"silo {silo} killed", [], () => site.Silo(silo).KillAsync(), Do(() => site.StartSilo(silo)));

    private static Fault SiloStopped(ChaosSite site, int silo) => new(
        $"silo {silo} stopped", [], async () =>
        {
            site.Silo(silo).Stop();
            await site.Silo(silo).WaitForExitAsync(TimeSpan.FromSeconds(30));
        },
        Do(() => site.StartSilo(silo)));

    private static Fault SiloHangs(ChaosSite site, int silo) => Hang($"silo {silo} hangs", [], () => site.Silo(silo));

    private static Fault EdgeKilled(ChaosSite site, int edge) => new(
        $"edge {edge} killed", [edge], () => site.Edge(edge).KillAsync(), Do(() => site.StartEdge(edge)));

    private static Fault EdgeHangs(ChaosSite site, int edge) => Hang($"edge {edge} hangs", [edge], () => site.Edge(edge));

    private static Fault StoreHangs(ChaosSite site) => Hang("the store hangs", [], () => site.Redis);

    private static Fault StoreKilled(ChaosSite site) => new("the store killed", [], () => site.Redis.KillAsync(), Do(site.StartRedis));

    private static Fault Cut(ChaosSite site, int[] silos, int[] edges) => new(
        $"silos [{string.Join(' ', silos)}] and edges [{string.Join(' ', edges)}] cut off", edges, Do(() => site.Cut(silos, edges)), Do(site.Heal));

    // Each may take the other for dead, and its partitions over, while both reach the store and all edges.
    private static Fault SilosApart(ChaosSite site, int silo) => new(
        $"silos {silo} and {(silo + 1) % ChaosSite.Silos} do not reach each other", [],
        Do(() => site.Separate(silo, (silo + 1) % ChaosSite.Silos)), Do(() => site.Join(silo, (silo + 1) % ChaosSite.Silos)));

    private static Fault EdgeApart(ChaosSite site, int silo, int edge, bool oneWay) => new(
        $"edge {edge} does not reach silo {silo}{(oneWay ? ", which reaches it" : "")}", [],
        Do(() => site.SeparateEdge(silo, edge, oneWay)), Do(() => site.JoinEdge(silo, edge, oneWay)));

    private static Fault Both(Fault one, Fault other) => new(
        $"{one.Name}, {other.Name}", [.. one.LostEdges, .. other.LostEdges],
        async () =>
        {
            await one.Strike();
            await other.Strike();
        },
        async () =>
        {
            await one.Mend();
            await other.Mend();
        });

    private static Fault Hang(string name, int[] lostEdges, Func<ChildProcess> process) => new(
        name, lostEdges, Do(() => process().Hang()), Do(() => process().Resume()));

    private static Func<Task> Do(Action act) => () =>
    {
        act();
        return Task.CompletedTask;
    };
}
