namespace Gateway.Policies.Caching;

/// <summary>What became of an entry that a request was to make.</summary>
public enum RefillOutcome
{
    /// <summary>It was kept.</summary>
    Kept,

    /// <summary>It was not made, or was there already: the next request may make it.</summary>
    NotMade,

    /// <summary>It is of a kind that is not kept: for a while nobody waits for another of it.</summary>
    NeverKept,
}
