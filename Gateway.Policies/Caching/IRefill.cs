namespace Gateway.Policies.Caching;

/// <summary>The turn of making one entry.</summary>
public interface IRefill
{
    /// <summary>Ends with the turn on this node.</summary>
    Task Finished { get; }

    /// <summary>Asks the other nodes, for a short time at most, before who has the turn on this one makes the entry.</summary>
    /// <returns>Null when it is this node's; else what ends when another node is through with the entry: it is in the store then, or has to be asked for again.</returns>
    ValueTask<Task?> ElectAsync();

    /// <summary>Ends the turn, once.</summary>
    /// <param name="outcome">What became of the entry.</param>
    /// <param name="stored">When it was kept: ends when the other nodes find it, with false when they do not.</param>
    void End(RefillOutcome outcome, Task<bool> stored);

    /// <summary>Ends the turn once another node is through: until then requests on this node use what is old.</summary>
    /// <param name="elsewhere">What <see cref="ElectAsync"/> gave.</param>
    void LeaveTo(Task elsewhere);
}
