using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Budgets;

namespace Gateway.Policies.Policies.Caching;

/// <summary>What the policies of cached values have in common.</summary>
internal static class CacheSettings
{
    /// <summary>The longest time that a value is kept, in seconds; authors write the largest number there is for "always".</summary>
    public const int MaximumSeconds = int.MaxValue;

    // Some is left to the policies.
    private const int MaximumKeyLength = IValueCache.MaximumKeyLength - 4;

    private static readonly (string, CachingType)[] s_types =
        [("prefer-external", CachingType.PreferExternal), ("internal", CachingType.Internal), ("external", CachingType.External)];

    public static CachingType ReadCachingType(this ElementReader read) => read.Choice("caching-type", CachingType.PreferExternal, s_types);

    public static PolicySetting<string>? ReadCacheKey(this ElementReader read) => read.RequiredSetting(
        "key", text => text.Length > MaximumKeyLength ? $"The attribute 'key' must have at most {MaximumKeyLength} characters." : null);

    /// <summary>The value that a cache has for a key.</summary>
    /// <returns>False when it has none.</returns>
    public static async ValueTask<Found> FindAsync(PolicyContext context, CachingType type, string key, string policy) =>
        await context.WaitForAsync(context.Cache.FindAsync(type, key)) is { } bytes ? new(true, Read(context, bytes, policy)) : default;

    public static object? Read(PolicyContext context, ReadOnlyMemory<byte> bytes, string policy)
    {
        var seen = context.Expressions;
        return ExpressionCall.Run(_ => CachedValue.Read(bytes.Span), seen, seen.Budget, policy);
    }

    public static ReadOnlyMemory<byte> Write(PolicyContext context, object? value, string policy)
    {
        var seen = context.Expressions;
        return ExpressionCall.Run(_ => CachedValue.Write(value), seen, seen.Budget, policy);
    }

    /// <summary>What a look-up found.</summary>
    internal readonly record struct Found(bool IsHit, object? Value);
}
