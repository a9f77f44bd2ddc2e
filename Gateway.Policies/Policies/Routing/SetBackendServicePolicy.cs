using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Routing;

/// <summary>
/// Sends the request to another backend than the API's service URL. The operation's path is appended to the new base, and the query to the query that the base may have.
/// A pool chooses one of its members when the request is forwarded. A backend chosen by id can only be replaced by another chosen by id: <c>base-url</c> has no effect after it.
/// </summary>
public sealed class SetBackendServicePolicy : IPolicy<SetBackendServicePolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "set-backend-service",
        Sections = PolicySection.Inbound | PolicySection.Backend,
    };

    /// <summary>
    /// <c>base-url</c>: an absolute http or https URL, of a web socket also ws or wss, also with a query. Exactly one of this and <c>backend-id</c> is given. May be an expression.
    /// </summary>
    public PolicySetting<BackendBase>? BaseUrl { get; init; }

    /// <summary><c>backend-id</c>: the id of a backend resource. May be an expression; one that names no backend fails the request with 500.</summary>
    public PolicySetting<string>? BackendId { get; init; }

    /// <inheritdoc/>
    public static SetBackendServicePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        // An empty one, which real documents hold, asks for nothing.
        var isEmpty = element.Attribute("base-url")?.Value.Literal?.AsSpan().IsWhiteSpace() == true && read.Optional("base-url") is not null;
        var baseUrl = isEmpty ? null : read.Setting<BackendBase>("base-url", ReadBaseUrl, unfilled: UnfilledPlace.Any);
        var backendId = read.TextSetting("backend-id", text => text.Length == 0 ? "The attribute 'backend-id' must not be empty." : null);
        foreach (var attribute in element.Attributes)
        {
            if (attribute.Name.StartsWith("dapr-", StringComparison.Ordinal))
            {
                read.NotSupported(attribute.Name);
            }
            else if (attribute.Name.StartsWith("sf-", StringComparison.Ordinal))
            {
                read.TextSetting(attribute.Name);
                parsing.Diagnostics.Warning(element, $"The attribute '{attribute.Name}' has no effect: requests go to the backend's URL, and no Service Fabric is asked for another.");
            }
        }

        var hasUrl = element.Attribute("base-url") is not null;
        var hasId = element.Attribute("backend-id") is not null;
        if (hasUrl == hasId)
        {
            parsing.Diagnostics.Error(element, "The element 'set-backend-service' needs one of the attributes 'base-url' and 'backend-id'.");
        }
        else if (backendId is { Literal: { } id })
        {
            parsing.UsesBackend(id);
        }

        read.End();
        return new() { BaseUrl = baseUrl, BackendId = backendId };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var target = context.Backend;
        if (BackendId is { } setting)
        {
            var id = setting.For(context);
            target.Backend = context.FindBackend(id)
                ?? throw new BackendFailedException(BackendFailure.NoDestination, $"There is no backend '{id}'.");
            (target.BaseUrl, target.BaseQuery) = (target.Backend.Url, "");
            target.Member = null;
        }
        else if (target.Backend is null && BaseUrl is { } url)
        {
            (target.BaseUrl, target.BaseQuery) = url.For(context);
        }

        return ValueTask.CompletedTask;
    }

    private static string? ReadBaseUrl(string text, out BackendBase value)
    {
        var end = text.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? mark : text.Length;
        value = new(text[..end].TrimEnd('/'), end + 1 < text.Length ? text[end..] : "");
        return IsBaseUrl(text) ? null : "The attribute 'base-url' must be an absolute http, https, ws or wss URL without user and fragment.";
    }

    private static bool IsBaseUrl(string text) =>
        text.Length <= 2000
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeWs || url.Scheme == Uri.UriSchemeWss)
        && url.Host.Length > 0
        && url.UserInfo.Length == 0
        && !text.Contains('#', StringComparison.Ordinal);
}
