namespace Gateway.Testing.Stores;

/// <summary>A test that needs a redis-server on the PATH, and is skipped with that reason where there is none.</summary>
public sealed class RedisFactAttribute : Xunit.FactAttribute
{
    /// <summary>Looks for redis-server.</summary>
    public RedisFactAttribute() => Skip = RedisTestStore.Executable is null ? "There is no redis-server on the PATH." : null;
}
