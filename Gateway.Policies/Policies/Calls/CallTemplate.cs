using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Authentication;
using Gateway.Policies.Policies.Transformation;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Policies.Calls;

/// <summary>The request that <c>send-request</c> and <c>send-one-way-request</c> describe.</summary>
internal sealed class CallTemplate
{
    /// <summary>The longest time of a call in seconds.</summary>
    public const int MaximumSeconds = 3600;

    private const int DefaultSeconds = 60;

    private static readonly (string, bool)[] s_modes = [("new", false), ("copy", true)];

    private PolicySetting<bool> _copies;
    private PolicySetting<int> _seconds;
    private PolicySetting<Uri>? _url;
    private PolicySetting<string>? _method;
    private SetHeaderPolicy[] _headers = [];
    private SetBodyPolicy? _body;
    private ICallPart[] _parts = [];
    private bool _mayHaveBody;

    /// <summary>Reads the attributes <c>mode</c> and <c>timeout</c> and the children; the caller ends the reader.</summary>
    /// <returns>Of no use after an error.</returns>
    public static CallTemplate Parse(PolicyElement element, ElementReader read, PolicyParsing parsing)
    {
        var copies = read.ChoiceSetting("mode", false, s_modes);
        var url = read.Child("set-url");
        if (url is null && copies is { IsLiteral: true, Literal: false })
        {
            parsing.Diagnostics.Error(element, $"The element '{element.Name}' needs a 'set-url' unless its mode is copy.");
        }

        var mayCopy = !copies.IsLiteral || copies.Literal;
        if (mayCopy && !parsing.ActsOnResponse)
        {
            parsing.Bodies |= BodyUse.Request;
        }

        return new()
        {
            _copies = copies,
            _seconds = read.IntegerSetting("timeout", 1, MaximumSeconds) ?? new(DefaultSeconds),
            _url = url is null ? null : ParseText<Uri>(url, parsing, ReadUrl),
            _method = read.Child("set-method") is { } method ? ParseText<string>(method, parsing, ReadMethod) : null,
            _headers = [.. read.Children("set-header").Select(header => SetHeaderPolicy.Parse(header, parsing, ofResponse: false)).OfType<SetHeaderPolicy>()],
            _body = read.Child("set-body") is { } body ? SetBodyPolicy.Parse(body, parsing) : null,
            _parts = [.. ParseParts(read, parsing)],
            _mayHaveBody = !parsing.ActsOnResponse,
        };
    }

    /// <summary>The request, by the expressions of one that is being served.</summary>
    public async ValueTask<OutgoingCall> ResolveAsync(PolicyContext context)
    {
        var copies = _copies.For(context);
        var call = new OutgoingCall
        {
            Method = _method?.For(context) ?? (copies ? context.Http.Request.Method : "GET"),
            Url = _url?.For(context) ?? OwnUrl(context),
            Timeout = TimeSpan.FromSeconds(_seconds.For(context)),
            Body = _body?.Body.For(context) ?? (copies && _mayHaveBody && context.RequestBody is { IsEmpty: false } ? context.RequestBody : null),
        };
        if (copies)
        {
            CopyHeaders(context, call);
        }

        foreach (var header in _headers)
        {
            header.Resolve(context).Apply(call.Headers);
        }

        foreach (var part in _parts)
        {
            await part.ApplyAsync(context, call);
        }

        return call;
    }

    private static IEnumerable<ICallPart> ParseParts(ElementReader read, PolicyParsing parsing)
    {
        if (read.Child("authentication-basic") is { } basic && AuthenticationBasicPolicy.Parse(basic, parsing) is { } user)
        {
            yield return user;
        }

        if (read.Child("authentication-certificate") is { } shown && AuthenticationCertificatePolicy.Parse(shown, parsing) is { } certificate)
        {
            yield return certificate;
        }

        if (read.Child("authentication-managed-identity") is { } identity && AuthenticationManagedIdentityPolicy.Parse(identity, parsing) is { } token)
        {
            yield return token;
        }

        if (read.Child("proxy") is { } proxy && ProxyPolicy.Parse(proxy, parsing) is { } server)
        {
            yield return server;
        }
    }

    private static void CopyHeaders(PolicyContext context, OutgoingCall call)
    {
        foreach (var (name, values) in context.Http.Request.Headers)
        {
            // The host is that of the URL, and an answer in another encoding could not be read.
            if (!HeaderText.IsOfConnection(name) && name is not (":authority" or ":method" or ":path" or ":scheme")
                && !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(HeaderNames.Expect, StringComparison.OrdinalIgnoreCase))
            {
                call.Headers[name] = values;
            }
        }
    }

    private static PolicySetting<T>? ParseText<T>(PolicyElement element, PolicyParsing parsing, SettingReader<string, T> reader)
    {
        var read = parsing.Read(element);
        var text = read.Content(reader);
        read.End();
        return text;
    }

    private static string? ReadUrl(string text, out Uri url)
    {
        var trimmed = text.Trim();
        if (trimmed.Length <= MaximumUrlLength && Uri.TryCreate(trimmed, UriKind.Absolute, out var made)
            && (made.Scheme == Uri.UriSchemeHttp || made.Scheme == Uri.UriSchemeHttps) && made.Host.Length > 0)
        {
            url = made;
            return null;
        }

        url = s_nowhere;
        return "The text of 'set-url' must be an absolute http or https URL.";
    }

    private static string? ReadMethod(string text, out string method)
    {
        method = text.Trim();
        return HeaderText.IsName(method) ? null : "The text of 'set-method' must be the name of a method, e.g. GET.";
    }

    private const int MaximumUrlLength = 16 * 1024;

    private static readonly Uri s_nowhere = new("http://nowhere.invalid");

    /// <summary>Where the request itself goes, which is copied.</summary>
    private static Uri OwnUrl(PolicyContext context) =>
        ReadUrl($"{context.Backend.BaseUrl}{context.Backend.Path}{context.Backend.WholeQuery}", out var url) is null ? url
        : throw new BackendFailedException(BackendFailure.NoDestination, "There is no backend URL that the copy could be sent to.");
}
