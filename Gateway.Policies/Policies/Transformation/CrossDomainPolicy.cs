using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>Answers requests for <c>/crossdomain.xml</c>, by which Flash and Silverlight asked whether they may call, with the document that stands in it.</summary>
public sealed class CrossDomainPolicy : IPolicy<CrossDomainPolicy>
{
    private const string Name = "cross-domain-policy";
    private const string Path = "/crossdomain.xml";
    private readonly byte[] _document;

    private CrossDomainPolicy(string document) => _document = Encoding.UTF8.GetBytes(document);

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "cross-domain",
        Sections = PolicySection.Inbound,
        Scopes = PolicyScope.Global,
    };

    /// <inheritdoc/>
    public static CrossDomainPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var document = read.Child(Name) is { } child ? parsing.Read(child).Text() : null;
        if (document is null)
        {
            parsing.Diagnostics.Error(element, $"The element 'cross-domain' needs the element '{Name}'.");
        }

        read.End();
        return document is null ? null : new(document);
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        if (context.OriginalPath.EndsWith(Path, StringComparison.OrdinalIgnoreCase) && HttpMethods.IsGet(context.OriginalMethod))
        {
            context.Http.Response.ContentType = "text/x-cross-domain-policy";
            context.ResponseBody = _document;
            context.Complete();
        }

        return ValueTask.CompletedTask;
    }
}
