namespace Gateway.Benchmarks.Sites;

/// <summary>The published programs that are measured; <c>benchmarks/run</c> says where they are.</summary>
internal static class Programs
{
    public static string Silo => Find("Gateway.Silo", "Gateway.Silo.dll");

    public static string Edge => Find("Gateway.Edge", "Gateway.Edge.dll");

    public static string Cli => Find("Gateway.Cli", "gateway");

    public static string Benchmarks => typeof(Programs).Assembly.Location;

    private static string Find(string project, string file)
    {
        var folder = Environment.GetEnvironmentVariable("GATEWAY_PUBLISHED")
            ?? throw new InvalidOperationException("GATEWAY_PUBLISHED is not set: start this through benchmarks/run.");
        return Path.Combine(folder, project, file);
    }
}
