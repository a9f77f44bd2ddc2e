namespace Gateway.Management.Requests;

/// <summary>
/// Looks at a request's path as it came over the wire. The server decodes it, collapses <c>..</c> and leaves <c>%2F</c>
/// alone before anybody can see it, so what a path really said is only known here.
/// </summary>
internal static class RawTarget
{
    /// <summary>What is wrong with the path, as a sentence; null when nothing is.</summary>
    public static string? Refuse(string rawTarget)
    {
        var path = PathOf(rawTarget);
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (segment.Contains('\\') || segment.Contains("%2f", StringComparison.OrdinalIgnoreCase)
                || segment.Contains("%5c", StringComparison.OrdinalIgnoreCase))
            {
                return "The path holds an encoded slash or a backslash.";
            }

            if (Uri.UnescapeDataString(segment) is "." or "..")
            {
                return "The path holds a dot segment.";
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> PathOf(string rawTarget)
    {
        var path = rawTarget.AsSpan();
        var end = path.IndexOfAny('?', '#');
        path = end < 0 ? path : path[..end];
        var scheme = path.IndexOf("://");
        if (path.StartsWith("/") || scheme < 0)
        {
            return path;
        }

        path = path[(scheme + 3)..];
        var slash = path.IndexOf('/');
        return slash < 0 ? [] : path[slash..];
    }
}
