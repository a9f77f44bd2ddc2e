namespace Gateway.Contracts.Counters;

/// <summary>What the limits of a site do now, as far as silos and edges answered.</summary>
[GenerateSerializer, Immutable, Alias("gw.LimitsReport")]
public sealed record LimitsReport
{
    /// <summary>The most counters in one report.</summary>
    public const int Most = 1000;

    /// <summary>The counters of which the greatest part is used or lent, that first.</summary>
    [Id(0)] public required LimitView[] Limits { get; init; }

    /// <summary>How many counters the silos hold.</summary>
    [Id(1)] public required int Count { get; init; }

    /// <summary>The silos that answered, by name.</summary>
    [Id(2)] public required SiloLimits[] Silos { get; init; }

    /// <summary>The names of those that did not: what they hold is not in the report.</summary>
    [Id(3)] public required string[] SilentSilos { get; init; }

    /// <summary>The edges that answered, by name.</summary>
    [Id(4)] public required EdgeLimits[] Edges { get; init; }

    /// <summary>Those that did not: stopped, or cut off from the silos, which no silo can tell apart. Forgotten after 10 min.</summary>
    [Id(5)] public required SilentEdge[] SilentEdges { get; init; }

    /// <summary>How the state store keeps what it has acknowledged.</summary>
    [Id(6)] public required StoreDurability Store { get; init; }
}

/// <summary>What one silo lends.</summary>
[GenerateSerializer, Immutable, Alias("gw.SiloLimits")]
public sealed record SiloLimits
{
    /// <summary>The silo's name.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>What it relies on.</summary>
    [Id(1)] public required LendingMode Mode { get; init; }

    /// <summary>Partitions that are active in it.</summary>
    [Id(2)] public required int Partitions { get; init; }

    /// <summary>Of these, those that lend now; others wait for their predecessor, for the store or for edges.</summary>
    [Id(3)] public required int Lending { get; init; }

    /// <summary>Counters that it holds.</summary>
    [Id(4)] public required int Counters { get; init; }

    /// <summary>Tokens of which no edge ever said what became of them, since the silo started.</summary>
    [Id(5)] public required long Stranded { get; init; }
}

/// <summary>What a silo relies on when it lends.</summary>
public enum LendingMode
{
    /// <summary>Nothing is lent.</summary>
    None = 0,

    /// <summary>Its lease in the state store: nobody else can lend the same.</summary>
    Fenced = 1,

    /// <summary>The store answers nobody, so that nobody can have taken its lease.</summary>
    Unfenced = 2,
}

/// <summary>An edge that may hold tokens and does not answer.</summary>
/// <param name="Life">This life of it.</param>
/// <param name="Node">Its name, when it was heard before by who asks now; else null.</param>
[GenerateSerializer, Immutable, Alias("gw.SilentEdge")]
public sealed record SilentEdge([property: Id(0)] Guid Life, [property: Id(1)] string? Node);

/// <summary>How the state store keeps what it has acknowledged. What it does not tell is null.</summary>
[GenerateSerializer, Immutable, Alias("gw.StoreDurability")]
public sealed record StoreDurability
{
    /// <summary>Nothing is known.</summary>
    public static StoreDurability Unknown { get; } = new();

    /// <summary>True when it writes a log of all changes (<c>appendonly</c>).</summary>
    [Id(0)] public bool? AppendOnly { get; init; }

    /// <summary>When the log reaches the disk (<c>appendfsync</c>): <c>always</c>, <c>everysec</c> or <c>no</c>.</summary>
    [Id(1)] public string? AppendFsync { get; init; }

    /// <summary>True when a crash of the store alone loses nothing that it has acknowledged.</summary>
    public bool IsDurable => AppendOnly == true && AppendFsync == "always";
}
