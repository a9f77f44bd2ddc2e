using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Newtonsoft.Json;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Converts a body of JSON into XML with the outermost element <c>Document</c>: that of the request in inbound, that of the response in outbound and
/// on-error; its content type becomes <c>application/xml</c>.
/// </summary>
public sealed class JsonToXmlPolicy : IPolicy<JsonToXmlPolicy>
{
    private static readonly (string, bool)[] s_applications = [("always", true), ("content-type-json", false)];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "json-to-xml",
        Sections = PolicySection.Inbound | PolicySection.Outbound | PolicySection.OnError,
    };

    /// <summary><c>apply</c>: <c>always</c>, or <c>content-type-json</c> for bodies whose content type is JSON; required. May be an expression.</summary>
    public required PolicySetting<bool> Always { get; init; }

    /// <summary><c>consider-accept-header</c>: true (default) converts only when the request's <c>Accept</c> names XML. May be an expression.</summary>
    public PolicySetting<bool> ConsidersAccept { get; init; }

    /// <summary><c>parse-date</c>: true (default) writes texts that are dates in the form of XML; false copies them. May be an expression.</summary>
    public PolicySetting<bool> ParsesDates { get; init; }

    /// <summary><c>namespace-separator</c>: what stands between a prefix and a name; <c>_</c> by default. May be an expression.</summary>
    public PolicySetting<string> Separator { get; init; }

    /// <summary>
    /// <c>namespace-prefix</c>: properties of this name, or that begin with it and the separator, declare namespaces; usually <c>xmlns</c>. May be an expression.
    /// </summary>
    public PolicySetting<string>? NamespacePrefix { get; init; }

    /// <summary><c>attribute-block-name</c>: the properties of an object of this name become attributes of the element around it. May be an expression.</summary>
    public PolicySetting<string>? AttributeBlock { get; init; }

    /// <summary>True for the response's body.</summary>
    public bool OfResponse { get; init; }

    /// <inheritdoc/>
    public static JsonToXmlPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        JsonToXmlPolicy made = new()
        {
            Always = read.RequiredChoiceSetting("apply", s_applications),
            ConsidersAccept = read.BooleanSetting("consider-accept-header") ?? new(true),
            ParsesDates = read.BooleanSetting("parse-date") ?? new(true),
            Separator = read.TextSetting("namespace-separator", text => text.Length == 0 ? "The attribute 'namespace-separator' must not be empty." : null) ?? new("_"),
            NamespacePrefix = read.TextSetting("namespace-prefix"),
            AttributeBlock = read.TextSetting("attribute-block-name"),
            OfResponse = parsing.ActsOnResponse,
        };
        read.End();
        return made;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var headers = OfResponse ? context.Http.Response.Headers : context.Http.Request.Headers;
        return (Always.For(context) || BodyKinds.IsJson(headers.ContentType))
            && (!ConsidersAccept.For(context) || BodyKinds.Accepts(context.Http.Request.Headers.Accept, BodyKinds.IsXml))
            ? ConvertAsync(context)
            : ValueTask.CompletedTask;
    }

    private async ValueTask ConvertAsync(PolicyContext context)
    {
        if (await PlainBody.ReadAsync(context, OfResponse, Descriptor.Name) is not { } body)
        {
            return;
        }

        byte[] xml;
        try
        {
            var names = new XmlNames(Separator.For(context), NamespacePrefix?.For(context) ?? "", AttributeBlock?.For(context) ?? "");
            xml = XmlJson.ToXml(body.Text, ParsesDates.For(context), names);
        }
        catch (Exception e) when (e is JsonException or System.Xml.XmlException or ArgumentException)
        {
            throw BodyFailures.Malformed(Descriptor.Name, "The body is not well-formed JSON, is nested too deep, or has names that XML cannot have.", e);
        }

        await body.ReplaceAsync(xml, "application/xml");
    }
}
