using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>Reads <c>openid-config</c>: <c>url</c> is an absolute http or https URL, or an expression.</summary>
internal static class OpenIdUrl
{
    /// <summary>The URL; none after an error.</summary>
    public static IEnumerable<PolicySetting<string>> Read(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var url = read.RequiredSetting("url", text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? null
            : "The attribute 'url' must be an absolute http or https URL.");
        read.End();
        return url is { } made ? [made] : [];
    }
}
