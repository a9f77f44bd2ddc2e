using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Replaces the body with the text between its tags, as UTF-8: of the request in inbound and backend, of the response in
/// outbound and on-error.
/// The content type stays; set it with <c>set-header</c>. Markup in it must stand in a CDATA section.
/// </summary>
public sealed class SetBodyPolicy : IPolicy<SetBodyPolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "set-body" };

    /// <summary>The text between the tags, as UTF-8.</summary>
    public required byte[] Body { get; init; }

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
        var text = read.Text();
        foreach (var child in read.AllChildren())
        {
            parsing.Diagnostics.Error(child, "Markup in 'set-body' must stand in a CDATA section.");
        }

        read.End();
        return text is null ? null : new() { Body = Encoding.UTF8.GetBytes(text), OfResponse = parsing.ActsOnResponse };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        if (OfResponse)
        {
            return ReplaceResponseBodyAsync(context);
        }

        var request = context.Http.Request;
        request.Body = new MemoryStream(Body, writable: false);
        request.Headers.TransferEncoding = default;
        request.Headers.ContentEncoding = default;
        request.ContentLength = Body.Length;
        context.Http.Features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(Body.Length > 0));
        return ValueTask.CompletedTask;
    }

    private ValueTask ReplaceResponseBodyAsync(PolicyContext context)
    {
        if (context.Exchange is { IsUpgrade: true })
        {
            return ValueTask.CompletedTask;
        }

        var isBackends = context.ResponseBody is null;
        context.ResponseBody = Body;
        return isBackends && context.Exchange is { } exchange ? exchange.DiscardBodyAsync() : ValueTask.CompletedTask;
    }

    /// <summary>The server's own says that a GET has no body, and the forwarder believes it.</summary>
    private sealed class BodyDetection(bool canHaveBody) : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => canHaveBody;
    }
}
