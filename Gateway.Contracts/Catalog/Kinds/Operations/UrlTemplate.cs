using Gateway.Contracts.Results;

namespace Gateway.Contracts.Catalog.Kinds.Operations;

/// <summary>
/// The URL template of an operation, relative to its API's path. Path segments are literals, <c>{name}</c> (one whole
/// segment) or, last, <c>*</c> or <c>{*name}</c> (the rest of the path); an optional query part (<c>?a=x&amp;b={b}</c>)
/// names parameters that a request must have.
/// </summary>
public sealed class UrlTemplate
{
    private UrlTemplate(string text, IReadOnlyList<UrlTemplatePart> path, IReadOnlyList<KeyValuePair<string, UrlTemplatePart>> query)
    {
        Text = text;
        Path = path;
        Query = query;
    }

    /// <summary>The template as written.</summary>
    public string Text { get; }

    /// <summary>The path segments in order; a template of <c>/</c> has none.</summary>
    public IReadOnlyList<UrlTemplatePart> Path { get; }

    /// <summary>The query parameters in order; values are literals or parameters.</summary>
    public IReadOnlyList<KeyValuePair<string, UrlTemplatePart>> Query { get; }

    /// <summary>The names of all parameters, in order.</summary>
    public IEnumerable<string> Parameters =>
        Path.Concat(Query.Select(pair => pair.Value))
            .Where(part => part.Kind != UrlTemplatePartKind.Literal && part.Text.Length > 0)
            .Select(part => part.Text);

    /// <summary>Two templates with the same normal form match the same requests: parameter names, case and query order do not count.</summary>
    public string NormalForm
    {
        get
        {
            var path = string.Concat(Path.Select(part => "/" + Normalize(part)));
            var query = string.Join('&', Query.Select(pair => $"{pair.Key.ToLowerInvariant()}={Normalize(pair.Value)}").Order(StringComparer.Ordinal));
            return query.Length == 0 ? path : $"{path}?{query}";
        }
    }

    /// <summary>Parses a template; the error says what is wrong with it.</summary>
    public static Result<UrlTemplate> Parse(string text)
    {
        var question = text.IndexOf('?');
        var pathText = (question < 0 ? text : text[..question]).TrimStart('/');
        var path = new List<UrlTemplatePart>();
        var segments = pathText.Length == 0 ? [] : pathText.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            if (segments[i].Length == 0 && !isLast)
            {
                return Refused("has an empty segment");
            }

            if (ParsePart(segments[i], allowRest: isLast) is not { } part)
            {
                return Refused($"has the segment '{segments[i]}': a segment is a literal, '{{name}}', or at the end '*' or '{{*name}}'");
            }

            path.Add(part);
        }

        var query = new List<KeyValuePair<string, UrlTemplatePart>>();
        foreach (var pair in question < 0 ? [] : text[(question + 1)..].Split('&'))
        {
            var equals = pair.IndexOf('=');
            if (equals <= 0 || ParsePart(pair[(equals + 1)..], allowRest: false) is not { } value || pair[..equals].AsSpan().ContainsAny("{}"))
            {
                return Refused($"has the query parameter '{pair}': it must be 'name=value' or 'name={{name}}'");
            }

            query.Add(new(pair[..equals], value));
        }

        var template = new UrlTemplate(text, path, query);
        var twice = template.Parameters.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? template : Refused($"has the parameter '{twice.Key}' twice");
    }

    /// <inheritdoc />
    public override string ToString() => Text;

    private static UrlTemplatePart? ParsePart(string text, bool allowRest)
    {
        if (text == "*" && allowRest)
        {
            return new(UrlTemplatePartKind.Rest, "");
        }

        if (text.StartsWith('{') && text.EndsWith('}'))
        {
            var name = text[1..^1];
            var isRest = name.StartsWith('*');
            name = isRest ? name[1..] : name;
            var isName = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '$');
            return !isName || (isRest && !allowRest) ? null : new(isRest ? UrlTemplatePartKind.Rest : UrlTemplatePartKind.Parameter, name);
        }

        var isLiteral = !text.AsSpan().ContainsAny("{}*?#\\") && text is not ("." or "..") && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
        return isLiteral ? new(UrlTemplatePartKind.Literal, text) : null;
    }

    private static string Normalize(UrlTemplatePart part) => part.Kind switch
    {
        UrlTemplatePartKind.Literal => part.Text.ToLowerInvariant(),
        UrlTemplatePartKind.Parameter => "{}",
        _ => "*",
    };

    private static GatewayError Refused(string message) => new(ErrorKind.ValidationError, $"The URL template {message}.");
}

/// <summary>What one part of a URL template matches.</summary>
public enum UrlTemplatePartKind
{
    /// <summary>Its own text, without regard to case.</summary>
    Literal = 0,

    /// <summary>One whole, non-empty segment or query value.</summary>
    Parameter = 1,

    /// <summary>The rest of the path.</summary>
    Rest = 2,
}

/// <summary>One part of a URL template.</summary>
/// <param name="Kind">What it matches.</param>
/// <param name="Text">The literal, or the parameter's name; empty for a nameless <c>*</c>.</param>
public sealed record UrlTemplatePart(UrlTemplatePartKind Kind, string Text);
