using Gateway.Edge.Backends;

namespace Gateway.Edge.Requests;

/// <summary>
/// The target of a request as the client sent it. What backends read in another way than we do is refused: encoded slashes and
/// backslashes, backslashes, dot segments in any spelling, and what cannot stand in a request line.
/// </summary>
internal readonly struct RawTarget
{
    private readonly string? _text;
    private readonly int _start;
    private readonly int _end;

    private RawTarget(string text, int start, int end) => (_text, _start, _end) = (text, start, end);

    /// <summary>The path, escaped, with its leading slash; empty when the target has none.</summary>
    public ReadOnlySpan<char> Path => _text.AsSpan(_start, _end - _start);

    /// <summary>The query, escaped, with its question mark; empty when there is none.</summary>
    public ReadOnlySpan<char> Query => _text.AsSpan(_end);

    /// <summary>The whole target; never written anywhere, because the query may hold a key.</summary>
    public string Text => _text ?? "";

    /// <summary>Where the path stands in the target.</summary>
    public Range PathRange => _start.._end;

    /// <summary>Reads a target.</summary>
    /// <param name="text">The target of the request line, or the <c>:path</c> of HTTP/2.</param>
    /// <param name="target">What it says, also when it is refused.</param>
    /// <returns>False when it is refused.</returns>
    public static bool TryRead(string text, out RawTarget target)
    {
        var start = PathStart(text);
        var mark = text.AsSpan(start).IndexOf('?');
        target = new RawTarget(text, start, mark < 0 ? text.Length : start + mark);
        return TargetUri.IsSendable(text) && IsClean(target.Path);
    }

    private static int PathStart(string text)
    {
        if (text.StartsWith('/'))
        {
            return 0;
        }

        // The absolute form names scheme and authority first; the other forms have no path.
        var authority = text.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return text.Length;
        }

        var path = text.AsSpan(authority + 3).IndexOfAny('/', '?');
        return path < 0 ? text.Length : authority + 3 + path;
    }

    private static bool IsClean(ReadOnlySpan<char> path)
    {
        if (path.IndexOfAny('%', '\\', '.') < 0)
        {
            return true;
        }

        if (path.Contains('\\') || (path.Contains('%') && HasEncodedSeparator(path)))
        {
            return false;
        }

        foreach (var range in path.Split('/'))
        {
            if (IsDots(path[range]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasEncodedSeparator(ReadOnlySpan<char> path)
    {
        const StringComparison noCase = StringComparison.OrdinalIgnoreCase;
        return path.Contains("%2f", noCase)
            || path.Contains("%5c", noCase)
            // Slash, backslash and dot coded longer than UTF-8 allows, which lax decoders take.
            || path.Contains("%c0%af", noCase)
            || path.Contains("%c1%9c", noCase)
            || path.Contains("%c0%ae", noCase);
    }

    /// <summary>One or two dots, plain or encoded; to some servers they are that also with a parameter behind a semicolon.</summary>
    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (!segment.IsEmpty)
        {
            var length = segment[0] == '.' ? 1 : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (length == 0)
            {
                return dots is 1 or 2 && (segment[0] == ';' || segment.StartsWith("%3b", StringComparison.OrdinalIgnoreCase));
            }

            segment = segment[length..];
            dots++;
        }

        return dots is 1 or 2;
    }
}
