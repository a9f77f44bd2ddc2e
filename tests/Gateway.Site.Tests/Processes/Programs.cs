namespace Gateway.Site.Tests.Processes;

/// <summary>
/// Where the product's programs are: beside the tests, built with them. <c>.ci/run</c> names a folder instead, by the environment
/// variable <c>GATEWAY_TEST_PROGRAMS</c>, to which it published the tool with both hosts, compiled ahead: each start then takes half the work.
/// </summary>
internal static class Programs
{
    private static readonly string _folder = Environment.GetEnvironmentVariable("GATEWAY_TEST_PROGRAMS") is { Length: > 0 } named ? named : AppContext.BaseDirectory;

    /// <summary>The path of a program, such as <c>gateway.dll</c>.</summary>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    public static string PathOf(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"There is no program {path}: GATEWAY_TEST_PROGRAMS names a folder that has all of them, or is not set.");
    }
}
