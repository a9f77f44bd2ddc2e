using System.Diagnostics.CodeAnalysis;

namespace Gateway.Edge.Matching;

/// <summary>
/// The URL template of an operation: literal segments, <c>{name}</c>, a wildcard at the end, and a query part whose
/// parameters a request must have.
/// </summary>
internal sealed class UrlTemplate
{
    private const StringComparison NoCase = StringComparison.OrdinalIgnoreCase;

    private UrlTemplate(TemplateSegment[] segments, QueryRequirement[] query) => (Segments, Query) = (segments, query);

    /// <summary>The segments of the path part; at least one, which is empty for <c>/</c>.</summary>
    public TemplateSegment[] Segments { get; }

    /// <summary>What the query must hold; empty for no condition.</summary>
    public QueryRequirement[] Query { get; }

    /// <summary>The names of the parameters in path and query, in order; <c>*</c> for a wildcard without one.</summary>
    public IEnumerable<string> ParameterNames =>
        Segments.SelectMany(NamesOf).Concat(Query.Select(requirement => requirement.Parameter).OfType<string>());

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template; without a leading slash it is taken as if there were one.</param>
    /// <param name="template">The template, or null when it cannot be read.</param>
    /// <param name="error">Why it cannot be read.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out UrlTemplate? template, [NotNullWhen(false)] out string? error)
    {
        (template, error) = (null, null);
        var mark = text.IndexOf('?');
        var path = mark < 0 ? text : text[..mark];
        var parts = (path.StartsWith('/') ? path[1..] : path).Split('/');
        var segments = new TemplateSegment[parts.Length];
        for (var index = 0; index < parts.Length; index++)
        {
            if (ParseSegment(parts[index]) is not { } segment)
            {
                error = $"The braces in segment '{parts[index]}' do not pair.";
                return false;
            }

            if (segment is TemplateSegment.Wildcard && index != parts.Length - 1)
            {
                error = "A wildcard can only stand at the end of the path.";
                return false;
            }

            segments[index] = segment;
        }

        template = new UrlTemplate(segments, mark < 0 ? [] : QueryRequirement.ParseAll(text[(mark + 1)..]));
        return true;
    }

    /// <summary>Finds what a parameter stands for in a request that this template matched.</summary>
    /// <param name="name">The parameter's name, <c>*</c> for a wildcard without one; case does not count.</param>
    /// <param name="path">The request's path, from the API's prefix on.</param>
    /// <param name="apiSegments">How many segments of the path are the API's prefix.</param>
    /// <param name="query">The request's query with its question mark, or empty.</param>
    /// <param name="value">The text, escaped as in <paramref name="path"/> and <paramref name="query"/>.</param>
    public bool TryGetParameter(
        string name, ReadOnlySpan<char> path, int apiSegments, ReadOnlySpan<char> query, out ReadOnlySpan<char> value)
    {
        for (var index = 0; index < Segments.Length; index++)
        {
            if (!Names(Segments[index], name, out var number))
            {
                continue;
            }

            var start = PathSegments.StartOf(path, apiSegments + index);
            if (start >= path.Length)
            {
                value = default;
                return Segments[index] is TemplateSegment.Wildcard;
            }

            var segment = PathSegments.At(path, start, out _);
            switch (Segments[index])
            {
                case TemplateSegment.Wildcard:
                    value = path[(start + 1)..];
                    return true;
                case TemplateSegment.Pattern pattern:
                    var found = pattern.Locate(segment, number, out var range);
                    value = found ? segment[range] : default;
                    return found;
                default:
                    value = segment;
                    return true;
            }
        }

        foreach (var requirement in Query)
        {
            if (requirement.Parameter is { } parameter && parameter.Equals(name, NoCase))
            {
                return QueryText.TryFind(query, requirement.Name, out value);
            }
        }

        value = default;
        return false;
    }

    private static string[] NamesOf(TemplateSegment segment) => segment switch
    {
        TemplateSegment.Parameter parameter => [parameter.Name],
        TemplateSegment.Wildcard wildcard => [wildcard.Name ?? "*"],
        TemplateSegment.Pattern pattern => pattern.Names,
        _ => [],
    };

    private static bool Names(TemplateSegment segment, string name, out int number)
    {
        number = 0;
        switch (segment)
        {
            case TemplateSegment.Parameter parameter:
                return parameter.Name.Equals(name, NoCase);
            case TemplateSegment.Wildcard wildcard:
                return (wildcard.Name ?? "*").Equals(name, NoCase);
            case TemplateSegment.Pattern pattern:
                number = Array.FindIndex(pattern.Names, held => held.Equals(name, NoCase));
                return number >= 0;
            default:
                return false;
        }
    }

    private static TemplateSegment? ParseSegment(string text)
    {
        if (text == "*")
        {
            return new TemplateSegment.Wildcard(null);
        }

        List<string> texts = [];
        List<string> names = [];
        var rest = text.AsSpan();
        while (true)
        {
            var open = rest.IndexOf('{');
            var close = rest.IndexOf('}');
            if (open < 0 || close < open)
            {
                if (open >= 0 || close >= 0)
                {
                    return null;
                }

                texts.Add(Uri.UnescapeDataString(rest.ToString()));
                break;
            }

            var name = rest[(open + 1)..close];
            if (name.IsEmpty || name.Contains('{') || (names.Count > 0 && open == 0))
            {
                return null;
            }

            texts.Add(Uri.UnescapeDataString(rest[..open].ToString()));
            names.Add(name.ToString());
            rest = rest[(close + 1)..];
        }

        return names.Count == 0 ? new TemplateSegment.Literal(texts[0])
            : names.Count > 1 || texts[0].Length > 0 || texts[1].Length > 0 ? new TemplateSegment.Pattern([.. texts], [.. names])
            : names[0].StartsWith('*') ? new TemplateSegment.Wildcard(names[0].Length > 1 ? names[0][1..] : null)
            : new TemplateSegment.Parameter(names[0]);
    }
}
