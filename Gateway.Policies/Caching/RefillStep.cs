namespace Gateway.Policies.Caching;

/// <summary>What a request does next about an entry that it misses, or has an old one of.</summary>
internal enum RefillStep
{
    /// <summary>It looks again.</summary>
    Look,

    /// <summary>It makes the entry.</summary>
    Make,

    /// <summary>Another request makes it: this one uses the old one.</summary>
    UseOld,
}
