using System.Text;
using System.Xml;
using System.Xml.Xsl;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Budgets;

namespace Gateway.Policies.Policies.Transformation.Xsl;

/// <summary>
/// Transforms a body of XML by a stylesheet of XSLT 1.0: that of the request in inbound, that of the response in outbound. The stylesheet is read once.
/// It runs on the budget of the request's expressions, has no scripts, and reads nothing but the body.
/// </summary>
public sealed class XslTransformPolicy : IPolicy<XslTransformPolicy>
{
    private readonly XslStylesheet _stylesheet;
    private readonly IReadOnlyList<(string Name, PolicySetting<string> Value)> _parameters;
    private readonly bool _ofResponse;

    private XslTransformPolicy(XslStylesheet stylesheet, IReadOnlyList<(string, PolicySetting<string>)> parameters, bool ofResponse) =>
        (_stylesheet, _parameters, _ofResponse) = (stylesheet, parameters, ofResponse);

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "xsl-transform", Sections = PolicySection.Inbound | PolicySection.Outbound };

    /// <inheritdoc/>
    public static XslTransformPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var parameters = new List<(string, PolicySetting<string>)>();
        XslStylesheet? stylesheet = null;
        var hasStylesheet = false;
        foreach (var child in read.AllChildren())
        {
            if (child.Name == "parameter")
            {
                AddParameter(child, parsing, parameters);
            }
            else if (IsStylesheet(child.Name) && !hasStylesheet)
            {
                hasStylesheet = true;
                stylesheet = ReadStylesheet(child, parsing);
            }
            else
            {
                parsing.Diagnostics.Error(child, $"The element '{child.Name}' may not stand in 'xsl-transform'.");
            }
        }

        if (!hasStylesheet)
        {
            parsing.Diagnostics.Error(element, "The element 'xsl-transform' needs a stylesheet: the element 'xsl:stylesheet'.");
        }

        read.End();
        return stylesheet is null ? null : new(stylesheet, parameters, parsing.ActsOnResponse);
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var arguments = new XsltArgumentList();
        foreach (var (name, value) in _parameters)
        {
            arguments.AddParam(name, "", value.For(context) ?? "");
        }

        if (await PlainBody.ReadAsync(context, _ofResponse, Descriptor.Name) is not { } body)
        {
            return;
        }

        var seen = context.Expressions;
        var limit = context.BodyLimit;
        var made = ExpressionCall.Run(_ => _stylesheet.Transform(body.Text, arguments, limit), seen, seen.Budget, Descriptor.Name);
        await body.ReplaceAsync(Encoding.UTF8.GetBytes(made));
    }

    private static bool IsStylesheet(string name) => name[(name.IndexOf(':') + 1)..] is "stylesheet" or "transform";

    private static void AddParameter(PolicyElement element, PolicyParsing parsing, List<(string, PolicySetting<string>)> parameters)
    {
        var read = parsing.Read(element);
        var name = read.Required("name");
        var value = read.Content(static (string text, out string value) =>
        {
            value = text.Trim();
            return null;
        });
        read.End();
        if (name is not null && value is { } setting)
        {
            parameters.Add((name, setting));
        }
    }

    private static XslStylesheet? ReadStylesheet(PolicyElement element, PolicyParsing parsing)
    {
        try
        {
            return parsing.Read(element).Text() is { } text ? XslStylesheet.Read(text) : null;
        }
        catch (Exception e) when (e is XsltException or XmlException)
        {
            parsing.Diagnostics.Error(element, $"The stylesheet cannot be used: {e.Message}");
            return null;
        }
    }
}
