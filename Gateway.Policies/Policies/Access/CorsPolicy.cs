using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Policies.Access;

/// <summary>
/// Lets browsers call from pages of other origins. A preflight request (<c>OPTIONS</c> with <c>Origin</c> and
/// <c>Access-Control-Request-Method</c>) to a path without an operation of its own for <c>OPTIONS</c> is answered before anything else of the pipeline,
/// without a key, by the <c>cors</c> policies that stand directly in <c>inbound</c>; the first that fits answers. Other requests with an
/// <c>Origin</c> get the headers that let the page read the answer.
/// </summary>
public sealed class CorsPolicy : IPolicy<CorsPolicy>
{
    private const string Any = "*";
    private static readonly PolicySetting<string>[] s_simpleMethods = [new(HttpMethods.Get), new(HttpMethods.Post)];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "cors", Sections = PolicySection.Inbound, OncePerBranch = true };

    /// <summary><c>allow-credentials</c>: true lets pages send cookies and credentials; false by default. May be an expression.</summary>
    public PolicySetting<bool> AllowCredentials { get; init; }

    /// <summary>
    /// <c>terminate-unmatched-request</c>: true (default) answers a preflight request, a <c>GET</c> or a <c>HEAD</c> that does not fit with an empty 200;
    /// false leaves a preflight request to the <c>cors</c> of the next scope, and lets others pass without headers. May be an expression.
    /// </summary>
    public PolicySetting<bool> TerminateUnmatched { get; init; }

    /// <summary><c>allowed-origins</c>, required, with <c>origin</c> elements: scheme, host and port, or <c>*</c>. Each may be an expression.</summary>
    public required IReadOnlyList<PolicySetting<string>> Origins { get; init; }

    /// <summary><c>allowed-methods</c> with <c>method</c> elements, or <c>*</c>; GET and POST when it is not written. Each may be an expression.</summary>
    public required IReadOnlyList<PolicySetting<string>> Methods { get; init; }

    /// <summary><c>preflight-result-max-age</c> of <c>allowed-methods</c>: seconds for which a browser may keep a preflight's answer; 0 by default. May be an expression.</summary>
    public PolicySetting<int> MaximumAge { get; init; }

    /// <summary><c>allowed-headers</c> with <c>header</c> elements, or <c>*</c>: what a page may send beyond what all may. Each may be an expression.</summary>
    public required IReadOnlyList<PolicySetting<string>> Headers { get; init; }

    /// <summary><c>expose-headers</c> with <c>header</c> elements, or <c>*</c>: what a page may read beyond what all may. Each may be an expression.</summary>
    public required IReadOnlyList<PolicySetting<string>> Exposed { get; init; }

    /// <inheritdoc/>
    public static CorsPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var credentials = read.BooleanSetting("allow-credentials") ?? new(false);
        var terminates = ReadTermination(element, read, parsing);
        var origins = read.Child("allowed-origins") is { } list ? ReadOrigins(list, parsing) : null;
        if (origins is null)
        {
            parsing.Diagnostics.Error(element, "The element 'cors' needs the element 'allowed-origins'.");
        }

        var age = new PolicySetting<int>(0);
        IReadOnlyList<PolicySetting<string>> methods = s_simpleMethods;
        if (read.Child("allowed-methods") is { } allowed)
        {
            var reader = parsing.Read(allowed);
            age = reader.IntegerSetting("preflight-result-max-age", 0, int.MaxValue) ?? age;
            methods = reader.Values("method", text => HeaderName(text, "method"));
            reader.End();
        }

        var headers = read.Listed("allowed-headers", "header", text => HeaderName(text, "header"));
        var exposed = read.Listed("expose-headers", "header", text => HeaderName(text, "header"));
        read.End();
        return origins is null ? null : new()
        {
            AllowCredentials = credentials,
            TerminateUnmatched = terminates,
            Origins = origins,
            Methods = methods,
            MaximumAge = age,
            Headers = headers,
            Exposed = exposed,
        };
    }

    /// <summary>True for a request by which a browser asks before it sends another.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0
        && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var request = context.Http.Request;
        if (request.Headers.Origin is not [{ } origin])
        {
            return ValueTask.CompletedTask;
        }

        if (IsPreflight(request))
        {
            if (TryAnswerPreflight(context) || TerminateUnmatched.For(context))
            {
                AnswerEmpty(context);
            }
        }
        else if (AllowsOrigin(context, origin))
        {
            Admit(context, origin);
        }
        else if (TerminateUnmatched.For(context) && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            AnswerEmpty(context);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Answers a preflight request by several policies: by the first that fits, or else with an empty 200.</summary>
    internal static void AnswerPreflight(IReadOnlyList<CorsPolicy> policies, PolicyContext context)
    {
        foreach (var policy in policies)
        {
            if (policy.TryAnswerPreflight(context) || policy.TerminateUnmatched.For(context))
            {
                break;
            }
        }

        AnswerEmpty(context);
    }

    private static void AnswerEmpty(PolicyContext context)
    {
        context.Http.Response.StatusCode = StatusCodes.Status200OK;
        context.ResponseBody = ReadOnlyMemory<byte>.Empty;
        context.Complete();
    }

    private bool TryAnswerPreflight(PolicyContext context)
    {
        var request = context.Http.Request.Headers;
        if (request.Origin is not [{ } origin] || request.AccessControlRequestMethod is not [{ } method]
            || !AllowsOrigin(context, origin) || !Lists(context, Methods, method, StringComparison.Ordinal, out var anyMethod)
            || !AllowsHeaders(context, request.AccessControlRequestHeaders, out var anyHeader))
        {
            return false;
        }

        Admit(context, origin);
        var response = context.Http.Response.Headers;
        response.AccessControlAllowMethods = anyMethod ? method : Join(context, Methods);
        var allowed = anyHeader ? request.AccessControlRequestHeaders.ToString() : Join(context, Headers);
        if (allowed.Length > 0)
        {
            response.AccessControlAllowHeaders = allowed;
        }

        response.AccessControlMaxAge = new StringValues(MaximumAge.For(context).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>Lets the page that asks read the answer.</summary>
    private void Admit(PolicyContext context, string origin)
    {
        var headers = context.Http.Response.Headers;
        var credentials = AllowCredentials.For(context);
        if (!credentials && Lists(context, Origins, Any, StringComparison.Ordinal, out _))
        {
            headers.AccessControlAllowOrigin = Any;
        }
        else
        {
            headers.AccessControlAllowOrigin = origin;
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        if (credentials)
        {
            headers.AccessControlAllowCredentials = "true";
        }

        if (Exposed.Count > 0 && !IsPreflight(context.Http.Request))
        {
            headers.AccessControlExposeHeaders = Join(context, Exposed);
        }
    }

    private bool AllowsOrigin(PolicyContext context, string origin)
    {
        var asked = WebOrigin.Normalize(origin);
        foreach (var setting in Origins)
        {
            var allowed = setting.For(context);
            if (allowed == Any || (setting.IsLiteral ? allowed : WebOrigin.Normalize(allowed)) == asked)
            {
                return true;
            }
        }

        return false;
    }

    private bool AllowsHeaders(PolicyContext context, StringValues asked, out bool any)
    {
        any = Lists(context, Headers, Any, StringComparison.Ordinal, out _);
        if (any)
        {
            return true;
        }

        foreach (var name in asked.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Lists(context, Headers, name, StringComparison.OrdinalIgnoreCase, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Lists(PolicyContext context, IReadOnlyList<PolicySetting<string>> list, string wanted, StringComparison comparison, out bool any)
    {
        any = false;
        var isListed = false;
        foreach (var setting in list)
        {
            var value = setting.For(context);
            any |= value == Any;
            isListed |= value.Equals(wanted, comparison);
        }

        return any || isListed;
    }

    private static string Join(PolicyContext context, IReadOnlyList<PolicySetting<string>> list) =>
        string.Join(',', list.Select(setting => setting.For(context)));

    private static PolicySetting<bool> ReadTermination(PolicyElement element, ElementReader read, PolicyParsing parsing)
    {
        const string name = "terminate-unmatched-request";
        if (element.Attribute(name)?.Value.Literal is { } literal && !bool.TryParse(literal, out _))
        {
            // The stricter of both meanings is also the default.
            parsing.Diagnostics.Warning(element, $"The attribute '{name}' must be true or false. As it stands it means true.");
            read.Optional(name);
            return new(true);
        }

        return read.BooleanSetting(name) ?? new(true);
    }

    private static IReadOnlyList<PolicySetting<string>> ReadOrigins(PolicyElement list, PolicyParsing parsing)
    {
        var read = parsing.Read(list);
        if (list.Text is not null)
        {
            parsing.Diagnostics.Warning(list, "Origins must stand in elements 'origin': this text allows none.");
            read.Content<string>(static (string text, out string value) => { value = text; return null; });
        }
        else if (list.Children.Count == 0)
        {
            parsing.Diagnostics.Warning(list, "Without an element 'origin' no origin is allowed.");
        }

        var origins = read.Values("origin");
        foreach (var (child, origin) in list.Children.Zip(origins))
        {
            if (origin is { IsLiteral: true, Literal: not (Any or "null") } && !WebOrigin.IsOne(origin.Literal!))
            {
                parsing.Diagnostics.Warning(child, "No request has this origin: one is a scheme, a host and maybe a port, such as https://example.com.");
            }
        }

        read.End();
        return [.. origins.Select(origin => origin.IsLiteral ? new(WebOrigin.Normalize(origin.Literal!)) : origin)];
    }

    private static string? HeaderName(string text, string what) =>
        Transformation.HeaderText.IsName(text) ? null : $"The element '{what}' must hold a name: letters, digits and !#$%&'*+-.^_`|~.";
}
