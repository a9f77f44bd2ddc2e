namespace Gateway.Contracts.Caching;

/// <summary>A part of a cache.</summary>
/// <param name="Kind">What its name means.</param>
/// <param name="Name">The API's id, the tag, or the key of a value; null for everything. At most <see cref="MaximumName"/> characters.</param>
/// <param name="Operation">The operation's id; null for others than operations.</param>
[GenerateSerializer, Immutable, Alias("gw.CacheScope")]
public sealed record CacheScope([property: Id(0)] CacheScopeKind Kind, [property: Id(1)] string? Name = null, [property: Id(2)] string? Operation = null)
{
    /// <summary>The longest name.</summary>
    public const int MaximumName = 4096;

    /// <summary>Everything.</summary>
    public static CacheScope All { get; } = new(CacheScopeKind.All);
}

/// <summary>The kinds of parts. Stored and sent: numbers are added, never changed.</summary>
public enum CacheScopeKind
{
    /// <summary>Everything: responses and values.</summary>
    All = 0,

    /// <summary>The responses of one API.</summary>
    Api = 1,

    /// <summary>The responses of one operation.</summary>
    Operation = 2,

    /// <summary>The responses that a backend gave a tag, by <c>Cache-Tag</c>.</summary>
    Tag = 3,

    /// <summary>The value of one key.</summary>
    Key = 4,
}
