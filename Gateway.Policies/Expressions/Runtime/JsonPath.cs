using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Paths into JSON, which are a language of their own: what of it takes long on small values is refused.</summary>
internal static class JsonPath
{
    private const int LongestPath = 4096;
    private const int MostScans = 2;

    /// <summary>How a path is followed.</summary>
    public static JsonSelectSettings Settings(bool errorWhenNoMatch) => new() { ErrorWhenNoMatch = errorWhenNoMatch, RegexMatchTimeout = Budget.MatchTime };

    /// <summary>The path.</summary>
    /// <exception cref="ArgumentException">It goes through all of a value more often than twice, or through all of it for each item.</exception>
    public static string Checked(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var scans = path.AsSpan().Count("..");
        var filters = path.AsSpan().Count('?');
        var isCostly = scans > MostScans || (filters > 0 && scans > 1) || filters > MostScans || path.LastIndexOf('$') > 0;
        return path.Length > LongestPath || isCostly
            ? throw new ArgumentException("The path is too long, or looks through the value too often.", nameof(path))
            : path;
    }
}
