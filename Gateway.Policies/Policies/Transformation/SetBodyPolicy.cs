using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Transformation.Liquid;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Replaces the body with the text between its tags, as UTF-8: of the request in inbound and backend, of the response in
/// outbound and on-error. An expression gives bytes, which are taken as they are, or anything else that has a text: JSON, XML, numbers; null
/// makes an empty body. What the expression reads of the old body is gone either way. A template makes the text of the old body and of what
/// is known of the request.
/// The content type stays; set it with <c>set-header</c>. Markup in it must stand in a CDATA section, but for that of templates.
/// </summary>
public sealed class SetBodyPolicy : IPolicy<SetBodyPolicy>
{
    private const string LiquidName = "liquid";
    private static readonly (string, bool)[] s_templates = [("none", false), ("", false), (LiquidName, true)];
    private static readonly (string, bool)[] s_nils = [("blank", false), ("null", true)];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "set-body" };

    /// <summary>
    /// The text between the tags, as UTF-8. May be an expression, or with <c>template</c> <c>liquid</c> a template in Liquid, to which
    /// <c>body</c> and <c>context</c> are known. <c>parse-date</c> (true by default): texts of a JSON body that are dates become dates. <c>xsi-nil</c>,
    /// <c>blank</c> (default) or <c>null</c>: what an element of an XML body with <c>xsi:nil="true"</c> is.
    /// </summary>
    public required PolicySetting<ReadOnlyMemory<byte>> Body { get; init; }

    /// <summary>True for the response's body.</summary>
    public bool OfResponse { get; init; }

    /// <inheritdoc/>
    public static SetBodyPolicy? Parse(PolicyElement element, PolicyParsing parsing) => Parse(element, parsing, seesBody: true);

    /// <summary>Reads the element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="parsing">Where findings go.</param>
    /// <param name="seesBody">False: it makes the body of another message, and to a template there is none.</param>
    internal static SetBodyPolicy? Parse(PolicyElement element, PolicyParsing parsing, bool seesBody)
    {
        var read = parsing.Read(element);
        var isTemplate = read.Choice("template", false, s_templates);
        var nilIsNull = read.Choice("xsi-nil", false, s_nils);
        var parsesDates = read.Boolean("parse-date", true);
        var body = isTemplate
            ? ReadTemplate(element, read, parsing, seesBody ? new(parsing.ActsOnResponse, parsesDates, nilIsNull) : null)
            : read.BodyContent();
        foreach (var child in read.AllChildren())
        {
            parsing.Diagnostics.Error(child, "Markup in 'set-body' must stand in a CDATA section.");
        }

        read.End();
        return body is { } made ? new() { Body = made, OfResponse = parsing.ActsOnResponse } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var body = Body.For(context);
        if (OfResponse)
        {
            return BodyChanges.ReplaceResponseAsync(context, body);
        }

        BodyChanges.ReplaceRequest(context, body);
        return ValueTask.CompletedTask;
    }

    private static PolicySetting<ReadOnlyMemory<byte>>? ReadTemplate(PolicyElement element, ElementReader read, PolicyParsing parsing, LiquidBody? body)
    {
        if (read.Text() is not { } text)
        {
            return null;
        }

        if (LiquidTemplate.TryRead(text, body, out var template) is { } error)
        {
            parsing.Diagnostics.Error(element, error);
            return null;
        }

        if (template!.ReadsBody)
        {
            parsing.Bodies |= parsing.ActsOnResponse ? BodyUse.Response : BodyUse.Request;
        }

        var policy = element.Name;
        return new(context => template.Render(context, policy));
    }
}
