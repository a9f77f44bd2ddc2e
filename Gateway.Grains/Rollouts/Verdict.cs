namespace Gateway.Grains.Rollouts;

/// <summary>What is to be done about a publication that is tried.</summary>
/// <param name="IsPromoted">True: all edges may run it.</param>
/// <param name="BackTo">The number of the publication to bring back; null for none.</param>
/// <param name="Reason">Why it is taken back; begins with its name.</param>
internal readonly record struct Verdict(bool IsPromoted, long? BackTo, string? Reason)
{
    /// <summary>It is watched on, or nothing is tried.</summary>
    public static Verdict Wait => default;

    /// <summary>All edges may run it.</summary>
    public static Verdict Promote => new(true, null, null);

    /// <summary>It is taken back.</summary>
    public static Verdict TakeBack(long number, string reason) => new(false, number, reason);
}
