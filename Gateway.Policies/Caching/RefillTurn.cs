namespace Gateway.Policies.Caching;

/// <summary>What a request does about a response that it misses.</summary>
public enum RefillTurn
{
    /// <summary>It makes it, others wait for it.</summary>
    Makes,

    /// <summary>Another makes it.</summary>
    Waits,

    /// <summary>It makes its own: responses of this key were not kept lately.</summary>
    Alone,
}
