using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Routing;

/// <summary>A path and query with <c>{name}</c> holes, read once.</summary>
internal sealed class UriTemplate
{
    private readonly Part[] _path;
    private readonly Part[] _query;

    private UriTemplate(string text, Part[] path, Part[] query)
    {
        Text = text;
        _path = path;
        _query = query;
    }

    /// <summary>Nothing.</summary>
    public static UriTemplate Empty { get; } = new("", [], []);

    /// <summary>As written.</summary>
    public string Text { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out UriTemplate? template, [NotNullWhen(false)] out string? error)
    {
        template = null;
        if (text.AsSpan().ContainsAnyInRange('\0', ' ') || text.AsSpan().ContainsAny('\\', '#'))
        {
            error = "A rewrite template may not hold white space, control characters, backslashes or a fragment.";
            return false;
        }

        var mark = text.IndexOf('?');
        if (!TrySplit(mark < 0 ? text : text[..mark], out var path, out error)
            || !TrySplit(mark < 0 ? "" : text[mark..], out var query, out error))
        {
            return false;
        }

        if (HasDotSegment(string.Concat(path.Select(part => part.IsHole ? "x" : part.Text))))
        {
            error = "A rewrite template may not hold the segments . and ..";
            return false;
        }

        template = new(text, path, query);
        return true;
    }

    /// <summary>Path and query, escaped, with the values of this request.</summary>
    public (string Path, string Query) Fill(PolicyContext context)
    {
        var path = Fill(context, _path, value => new PathString("/" + value).ToUriComponent()[1..]);
        if (path.Length > 0 && path[0] != '/')
        {
            path = "/" + path;
        }

        if (HasDotSegment(path))
        {
            throw Failure("DotSegment", "A parameter of the request would step out of the rewritten path.", StatusCodes.Status400BadRequest);
        }

        return (path, Fill(context, _query, Uri.EscapeDataString));
    }

    private static string Fill(PolicyContext context, Part[] parts, Func<string, string> escape)
    {
        if (parts.Length == 0)
        {
            return "";
        }

        if (parts.Length == 1 && !parts[0].IsHole)
        {
            return parts[0].Text;
        }

        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(!part.IsHole ? part.Text
                : context.TryGetMatchedParameter(part.Text, out var value) ? escape(value)
                : throw Failure("ParameterNotFound", $"The operation's template has no parameter '{part.Text}'.", StatusCodes.Status500InternalServerError));
        }

        return text.ToString();
    }

    private static bool TrySplit(string text, [NotNullWhen(true)] out Part[]? parts, [NotNullWhen(false)] out string? error)
    {
        var found = new List<Part>();
        parts = null;
        error = null;
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOfAny(['{', '}'], at);
            if (open < 0)
            {
                found.Add(new(text[at..], false));
                break;
            }

            var close = text[open] == '{' ? text.IndexOfAny(['{', '}'], open + 1) : -1;
            if (close < 0 || text[close] == '{' || close == open + 1)
            {
                error = "A rewrite template must have a name between each pair of braces.";
                return false;
            }

            if (open > at)
            {
                found.Add(new(text[at..open], false));
            }

            var name = text[(open + 1)..close];
            found.Add(new(name.Length > 1 ? name.TrimStart('*') : name, true));
            at = close + 1;
        }

        parts = [.. found];
        return true;
    }

    private static bool HasDotSegment(string path)
    {
        if (!path.Contains('.') && !path.Contains("%2e", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var segment in path.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).Split('/'))
        {
            if (segment is "." or "..")
            {
                return true;
            }
        }

        return false;
    }

    private static PolicyException Failure(string reason, string message, int status) =>
        new(new LastError { Source = "rewrite-uri", Reason = reason, Message = message }, status, message);

    /// <summary>Literal text, or the name in a hole.</summary>
    private readonly record struct Part(string Text, bool IsHole);
}
