using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Lets the links in a body lead through the gateway: in outbound the backend's URL becomes that of the API on the gateway, in inbound the other way
/// round. Headers stay as they are.
/// </summary>
public sealed class RedirectContentUrlsPolicy : IPolicy<RedirectContentUrlsPolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "redirect-content-urls",
        Sections = PolicySection.Inbound | PolicySection.Outbound,
    };

    /// <summary>True for the response's body.</summary>
    public bool OfResponse { get; init; }

    /// <inheritdoc/>
    public static RedirectContentUrlsPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        parsing.Read(element).End();
        return new() { OfResponse = parsing.ActsOnResponse };
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        if (context.Backend.BaseUrl is not { Length: > 0 } backend || await PlainBody.ReadAsync(context, OfResponse, Descriptor.Name) is not { } body)
        {
            return;
        }

        var gateway = $"{context.Http.Request.Scheme}://{context.OriginalHost.Value}/{context.Api?.Path}".TrimEnd('/');
        var (from, to) = OfResponse ? (backend, gateway) : (gateway, backend);
        if (ByteText.Replace(body.Bytes.Span, Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(to), context.BodyLimit, Descriptor.Name) is { } replaced)
        {
            await body.ReplaceAsync(replaced);
        }
    }
}
