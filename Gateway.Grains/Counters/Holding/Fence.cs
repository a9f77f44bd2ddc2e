namespace Gateway.Grains.Counters.Holding;

/// <summary>What a silo may rely on, by its own monotonic clock: from a renewal's sending, less 1 % for the pace of clocks.</summary>
/// <param name="Id">The silo's lease in the store; another after it was lost, for ever.</param>
/// <param name="ValidUntil">Until then no other silo can take over a partition that was taken under this lease.</param>
/// <param name="UnfencedUntil">Until then the store is known to answer nobody, so that no other silo can take over either.</param>
internal sealed record Fence(string Id, long ValidUntil, long UnfencedUntil)
{
    /// <summary>Grants nothing.</summary>
    public static Fence None { get; } = new("", long.MinValue, long.MinValue);

    /// <summary>True while a partition taken under a lease may be lent from.</summary>
    public bool Allows(string? lease, long now) => lease == Id && (now < ValidUntil || now < UnfencedUntil);

    /// <summary>True while lending goes on without the store.</summary>
    public bool IsUnfenced(long now) => now >= ValidUntil && now < UnfencedUntil;
}
