using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Routing;

/// <summary>
/// Replaces path and query of the request to the backend. <c>{name}</c> in the template stands for a parameter of the operation's
/// template. Query parameters of the request that the operation's template does not name are appended.
/// Example: operation <c>/get?a={b}</c>, request <c>/get?a=1&amp;c=2</c>, template <c>/put</c>: the backend gets <c>/put?c=2</c>.
/// </summary>
public sealed class RewriteUriPolicy : IPolicy<RewriteUriPolicy>
{
    private readonly PolicySetting<UriTemplate> _template;

    private RewriteUriPolicy(PolicySetting<UriTemplate> template) => _template = template;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "rewrite-uri", Sections = PolicySection.Inbound };

    /// <summary>
    /// <c>template</c>: the new path, with its query when it has one; required, may be empty. May be an expression, whose text is read as a
    /// template, too. Null for an expression.
    /// </summary>
    public string? Template => _template.Literal?.Text;

    /// <summary><c>copy-unmatched-params</c>: append the query parameters that the operation's template does not name; true by default.</summary>
    public bool CopyUnmatchedParams { get; init; } = true;

    /// <inheritdoc/>
    public static RewriteUriPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        if (element.Attribute("template") is null)
        {
            parsing.Diagnostics.Error(element, "The attribute 'template' is missing.");
        }

        var template = read.Setting<UriTemplate>("template", ReadTemplate);
        var copy = read.Boolean("copy-unmatched-params", true);
        read.End();
        return template is { } made ? new(made) { CopyUnmatchedParams = copy } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var unmatched = CopyUnmatchedParams ? QueryText.Without(context.Backend.Query, context.TemplateQueryNames) : "";
        var (path, query) = _template.For(context).Fill(context);
        context.Backend.Path = path;
        context.Backend.Query = QueryText.Join(query, unmatched);
        return ValueTask.CompletedTask;
    }

    private static string? ReadTemplate(string text, out UriTemplate value)
    {
        value = UriTemplate.TryParse(text, out var template, out var error) ? template : UriTemplate.Empty;
        return error;
    }
}
