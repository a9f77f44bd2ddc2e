namespace Gateway.Testing.Stores;

/// <summary>A test that needs a redis-server on the PATH, and is skipped with that reason where there is none.</summary>
public sealed class RedisFactAttribute : Xunit.FactAttribute
{
    /// <summary>Looks for redis-server.</summary>
    public RedisFactAttribute() => Skip = SkipReason;

    /// <summary>True when there is one.</summary>
    public static bool IsHere => RedisTestStore.Executable is not null;

    internal static string? SkipReason => IsHere ? null : "There is no redis-server on the PATH.";
}
