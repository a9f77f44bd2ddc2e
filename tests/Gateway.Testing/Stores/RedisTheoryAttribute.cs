namespace Gateway.Testing.Stores;

/// <summary>A theory that needs a redis-server on the PATH, and is skipped with that reason where there is none.</summary>
public sealed class RedisTheoryAttribute : Xunit.TheoryAttribute
{
    /// <summary>Looks for redis-server.</summary>
    public RedisTheoryAttribute() => Skip = RedisFactAttribute.SkipReason;
}
