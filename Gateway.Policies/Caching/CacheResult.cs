namespace Gateway.Policies.Caching;

/// <summary>What a look-up of a response came to.</summary>
public enum CacheResult
{
    /// <summary>None was made.</summary>
    None,

    /// <summary>There was none.</summary>
    Miss,

    /// <summary>A response in this node's memory is the answer.</summary>
    Memory,

    /// <summary>A response in a store that nodes share is the answer.</summary>
    Store,

    /// <summary>A response that is old is the answer, while another request makes a new one.</summary>
    Stale,
}
