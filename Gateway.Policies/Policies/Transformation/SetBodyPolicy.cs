using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Replaces the body with the text between its tags, as UTF-8: of the request in inbound and backend, of the response in
/// outbound and on-error. An expression gives bytes, which are taken as they are, or anything else that has a text: JSON, XML, numbers; null
/// makes an empty body. What the expression reads of the old body is gone either way.
/// The content type stays; set it with <c>set-header</c>. Markup in it must stand in a CDATA section.
/// </summary>
public sealed class SetBodyPolicy : IPolicy<SetBodyPolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "set-body" };

    /// <summary>The text between the tags, as UTF-8. May be an expression.</summary>
    public required PolicySetting<ReadOnlyMemory<byte>> Body { get; init; }

    /// <summary>True for the response's body.</summary>
    public bool OfResponse { get; init; }

    /// <inheritdoc/>
    public static SetBodyPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var template = read.Optional("template");
        if (template is not (null or "" or "none"))
        {
            read.Error("template", "Templates are not supported by this version: the attribute 'template' may only be none.");
        }

        // Both say how a template reads the old body; without one they have no effect.
        read.Choice("xsi-nil", false, [("blank", false), ("null", false)]);
        read.Boolean("parse-date", true);
        var body = read.BodyContent();
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
}
