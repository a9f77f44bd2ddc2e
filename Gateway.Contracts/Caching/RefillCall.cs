namespace Gateway.Contracts.Caching;

/// <summary>What an edge has to say about entries of a cache that are missing, each named by 128 bits of its key's hash: at most <see cref="MaximumEntries"/> in each list.</summary>
[GenerateSerializer, Immutable, Alias("gw.RefillCall")]
public sealed record RefillCall
{
    /// <summary>The longest list.</summary>
    public const int MaximumEntries = 4096;

    /// <summary>The edge.</summary>
    [Id(0)] public required ICacheEdge Edge { get; init; }

    /// <summary>What it would make, or still waits for.</summary>
    [Id(1)] public required UInt128[] Wanted { get; init; }

    /// <summary>What it makes still. Who makes something says so at least each second.</summary>
    [Id(2)] public required UInt128[] Making { get; init; }

    /// <summary>What it is through with.</summary>
    [Id(3)] public required RefillEnd[] Ended { get; init; }
}

/// <summary>An edge is through with an entry that it was to make.</summary>
[GenerateSerializer, Immutable, Alias("gw.RefillEnd")]
public readonly record struct RefillEnd([property: Id(0)] UInt128 Entry, [property: Id(1)] RefillEnding Ending);

/// <summary>What became of an entry. Sent: numbers are added, never changed.</summary>
public enum RefillEnding
{
    /// <summary>It is in the store.</summary>
    Stored = 0,

    /// <summary>The request failed: another may do better.</summary>
    Failed = 1,

    /// <summary>It is of a kind that is not kept, or did not get into the store: nobody waits for it for a while.</summary>
    NotStored = 2,
}

/// <summary>What an edge does about a missing entry. Sent: numbers are added, never changed.</summary>
public enum RefillWord
{
    /// <summary>It makes it for all.</summary>
    Make = 0,

    /// <summary>Another edge makes it.</summary>
    Wait = 1,

    /// <summary>It makes its own: what was made of it lately was not stored, or too much is made at the same time.</summary>
    MakeOwn = 2,
}
