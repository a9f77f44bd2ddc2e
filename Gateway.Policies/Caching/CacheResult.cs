namespace Gateway.Policies.Caching;

/// <summary>What a look-up of a response came to.</summary>
public enum CacheResult
{
    /// <summary>None was made.</summary>
    None,

    /// <summary>A cached response is the answer.</summary>
    Hit,

    /// <summary>There was none.</summary>
    Miss,
}
