using System.Text;
using System.Xml;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Converts a body of XML into JSON: that of the request in inbound, that of the response in outbound and on-error; its content type becomes
/// <c>application/json</c>.
/// </summary>
public sealed class XmlToJsonPolicy : IPolicy<XmlToJsonPolicy>
{
    private static readonly (string, bool)[] s_kinds = [("javascript-friendly", true), ("direct", false)];
    private static readonly (string, bool)[] s_applications = [("always", true), ("content-type-xml", false)];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "xml-to-json",
        Sections = PolicySection.Inbound | PolicySection.Outbound | PolicySection.OnError,
    };

    /// <summary>
    /// <c>kind</c>: <c>direct</c> keeps all of the XML, attributes as <c>@name</c>, text beside them as <c>#text</c>; <c>javascript-friendly</c> gives names without these
    /// signs, and no declaration; required. May be an expression.
    /// </summary>
    public required PolicySetting<bool> IsFriendly { get; init; }

    /// <summary><c>apply</c>: <c>always</c>, or <c>content-type-xml</c> for bodies whose content type is XML; required. May be an expression.</summary>
    public required PolicySetting<bool> Always { get; init; }

    /// <summary><c>consider-accept-header</c>: true (default) converts only when the request's <c>Accept</c> names JSON. May be an expression.</summary>
    public PolicySetting<bool> ConsidersAccept { get; init; }

    /// <summary><c>always-array-child-elements</c>: true makes a list of each child element, also of one that is not repeated; false by default. May be an expression.</summary>
    public PolicySetting<bool> AlwaysLists { get; init; }

    /// <summary>True for the response's body.</summary>
    public bool OfResponse { get; init; }

    /// <inheritdoc/>
    public static XmlToJsonPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var kind = read.RequiredChoiceSetting("kind", s_kinds);
        var apply = read.RequiredChoiceSetting("apply", s_applications);
        var accept = read.BooleanSetting("consider-accept-header") ?? new(true);
        var lists = read.BooleanSetting("always-array-child-elements") ?? new(false);
        read.End();
        return new() { IsFriendly = kind, Always = apply, ConsidersAccept = accept, AlwaysLists = lists, OfResponse = parsing.ActsOnResponse };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var headers = OfResponse ? context.Http.Response.Headers : context.Http.Request.Headers;
        return (Always.For(context) || BodyKinds.IsXml(headers.ContentType))
            && (!ConsidersAccept.For(context) || BodyKinds.Accepts(context.Http.Request.Headers.Accept, BodyKinds.IsJson))
            ? ConvertAsync(context)
            : ValueTask.CompletedTask;
    }

    private async ValueTask ConvertAsync(PolicyContext context)
    {
        if (await PlainBody.ReadAsync(context, OfResponse, Descriptor.Name) is not { } body)
        {
            return;
        }

        string json;
        try
        {
            json = XmlJson.ToJson(BoundedXml.Parse(body.Text, isData: true), IsFriendly.For(context), AlwaysLists.For(context));
        }
        catch (XmlException e)
        {
            throw BodyFailures.Malformed(Descriptor.Name, "The body is not well-formed XML, is nested too deep, or has a document type.", e);
        }

        await body.ReplaceAsync(Encoding.UTF8.GetBytes(json), "application/json");
    }
}
