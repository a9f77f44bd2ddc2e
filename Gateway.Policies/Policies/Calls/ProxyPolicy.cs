using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Calls;

/// <summary>Sends the forwarded request through an HTTP proxy; in <c>send-request</c> and <c>send-one-way-request</c> that request.</summary>
public sealed class ProxyPolicy : IPolicy<ProxyPolicy>, ICallPart
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "proxy", Sections = PolicySection.Inbound };

    /// <summary><c>url</c>: the proxy, as <c>http://host:port</c>, or <c>https://host:port</c> for one that is spoken to over TLS; required. May be an expression.</summary>
    public required PolicySetting<Uri> Url { get; init; }

    /// <summary><c>username</c>: whom the proxy knows. May be an expression.</summary>
    public PolicySetting<string>? User { get; init; }

    /// <summary><c>password</c>: given together with <c>username</c>. May be an expression.</summary>
    public PolicySetting<string>? Password { get; init; }

    /// <inheritdoc/>
    public static ProxyPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        if (!read.Has("url"))
        {
            read.Error("url", "The attribute 'url' is missing.");
        }

        var url = read.Setting<Uri>("url", ReadUrl);
        var (user, password) = (read.TextSetting("username"), read.TextSetting("password"));
        if (read.Has("username") != read.Has("password"))
        {
            read.Error("username", "The attributes 'username' and 'password' are given both or not at all.");
        }

        read.End();
        return url is { } proxy ? new() { Url = proxy, User = user, Password = password } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        context.Backend.Connection = context.Backend.Connection with { Proxy = Resolve(context) };
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    ValueTask ICallPart.ApplyAsync(PolicyContext context, OutgoingCall call)
    {
        call.Connection = call.Connection with { Proxy = Resolve(context) };
        return ValueTask.CompletedTask;
    }

    private static string? ReadUrl(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0 && url.UserInfo.Length == 0
            ? null
            : "The attribute 'url' must be an absolute http or https URL without a user, e.g. http://proxy:3128.";

    private ProxyServer Resolve(PolicyContext context) => new(Url.For(context), User?.For(context), Password?.For(context));
}
