namespace Gateway.Edge.Matching;

/// <summary>Walks the segments of a path. <c>/a/b/</c> has the segments <c>a</c>, <c>b</c> and an empty one.</summary>
internal static class PathSegments
{
    /// <summary>Splits off the segment that starts behind the slash at <paramref name="start"/>.</summary>
    /// <param name="path">The whole path.</param>
    /// <param name="start">Where a slash stands.</param>
    /// <param name="end">Where the next slash stands, or the path's length.</param>
    public static ReadOnlySpan<char> At(ReadOnlySpan<char> path, int start, out int end)
    {
        var rest = path[(start + 1)..];
        var slash = rest.IndexOf('/');
        end = slash < 0 ? path.Length : start + 1 + slash;
        return slash < 0 ? rest : rest[..slash];
    }

    /// <summary>Where the segment with this number (from 0) begins with its slash, or the length when there are fewer.</summary>
    public static int StartOf(ReadOnlySpan<char> path, int number)
    {
        var position = 0;
        for (; number > 0 && position < path.Length; number--)
        {
            var slash = path[(position + 1)..].IndexOf('/');
            position = slash < 0 ? path.Length : position + 1 + slash;
        }

        return position;
    }

    /// <summary>The hash of a segment; case does not count. Seeded per process, so nobody can choose segments that collide.</summary>
    public static int HashOf(ReadOnlySpan<char> segment) => string.GetHashCode(segment, StringComparison.OrdinalIgnoreCase);
}
