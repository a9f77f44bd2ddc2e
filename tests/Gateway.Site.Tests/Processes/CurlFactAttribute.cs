namespace Gateway.Site.Tests.Processes;

/// <summary>A test that needs <c>curl</c> on the path.</summary>
internal sealed class CurlFactAttribute : FactAttribute
{
    public CurlFactAttribute()
    {
        if (!OnPath.Has("curl"))
        {
            Skip = "curl is not on the path.";
        }
    }
}

/// <summary>A test that needs <c>redis-server</c> on the path.</summary>
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute()
    {
        if (!OnPath.Has("redis-server"))
        {
            Skip = "redis-server is not on the path.";
        }
    }
}

/// <summary>Looks for programs.</summary>
internal static class OnPath
{
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
