using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Routing;

/// <summary>
/// Replaces path and query of the request to the backend. <c>{name}</c> in the template stands for a parameter of the operation's
/// template. Query parameters of the request that the operation's template does not name are appended.
/// Example: operation <c>/get?a={b}</c>, request <c>/get?a=1&amp;c=2</c>, template <c>/put</c>: the backend gets <c>/put?c=2</c>.
/// </summary>
public sealed class RewriteUriPolicy : IPolicy<RewriteUriPolicy>
{
    private readonly UriTemplate _template;

    private RewriteUriPolicy(UriTemplate template) => _template = template;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "rewrite-uri", Sections = PolicySection.Inbound };

    /// <summary><c>template</c>: the new path, with its query when it has one; required, may be empty.</summary>
    public string Template => _template.Text;

    /// <summary><c>copy-unmatched-params</c>: append the query parameters that the operation's template does not name; true by default.</summary>
    public bool CopyUnmatchedParams { get; init; } = true;

    /// <inheritdoc/>
    public static RewriteUriPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var text = read.Optional("template");
        UriTemplate? template = null;
        if (element.Attribute("template") is null)
        {
            parsing.Diagnostics.Error(element, "The attribute 'template' is missing.");
        }
        else if (text is not null && !UriTemplate.TryParse(text, out template, out var error))
        {
            read.Error("template", error);
        }

        var copy = read.Boolean("copy-unmatched-params", true);
        read.End();
        return template is null ? null : new(template) { CopyUnmatchedParams = copy };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var unmatched = CopyUnmatchedParams ? QueryText.Without(context.Backend.Query, context.TemplateQueryNames) : "";
        var (path, query) = _template.Fill(context);
        context.Backend.Path = path;
        context.Backend.Query = QueryText.Join(query, unmatched);
        return ValueTask.CompletedTask;
    }
}
