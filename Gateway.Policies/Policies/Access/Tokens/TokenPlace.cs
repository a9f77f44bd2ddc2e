using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>Where a token stands in a request.</summary>
internal sealed class TokenPlace
{
    private const string Bearer = "Bearer";
    private PolicySetting<string>? _header;
    private PolicySetting<string>? _query;
    private PolicySetting<string>? _value;
    private PolicySetting<string>? _scheme;

    /// <summary>Reads <c>header-name</c>, <c>query-parameter-name</c> and <c>token-value</c>, of which one may be written, and <c>require-scheme</c>.</summary>
    /// <param name="element">The policy's element.</param>
    /// <param name="read">Its reader.</param>
    /// <param name="parsing">Where findings go.</param>
    /// <param name="defaultHeader">The header when none of them is written; null demands one.</param>
    public static TokenPlace Read(PolicyElement element, ElementReader read, PolicyParsing parsing, string? defaultHeader)
    {
        var place = new TokenPlace { _header = Text("header-name"), _query = Text("query-parameter-name"), _value = Text("token-value") };
        var written = new[] { "header-name", "query-parameter-name", "token-value" }.Count(read.Has);
        if (written > 1 || (written == 0 && defaultHeader is null))
        {
            parsing.Diagnostics.Error(element, $"The element '{element.Name}' needs one of the attributes 'header-name', 'query-parameter-name' and 'token-value'.");
        }

        place._header ??= written == 0 && defaultHeader is not null ? new(defaultHeader) : null;
        return place;

        PolicySetting<string>? Text(string name) => read.Has(name) ? read.RequiredSetting(name) : null;
    }

    /// <summary>Reads <c>require-scheme</c>, which means something with the header <c>Authorization</c> only.</summary>
    public void ReadScheme(ElementReader read) => _scheme = read.TextSetting("require-scheme");

    /// <summary>The token of a request; empty when there is none.</summary>
    public ReadOnlySpan<char> Of(PolicyContext context)
    {
        if (_value is { } value)
        {
            return value.For(context).AsSpan().Trim();
        }

        if (_query is { } query)
        {
            var parameters = new QueryStringEnumerable(context.Backend.Query.AsMemory());
            var name = query.For(context);
            foreach (var pair in parameters)
            {
                if (pair.DecodeName().Span.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return pair.DecodeValue().Span;
                }
            }

            return default;
        }

        return OfHeader(context, _header!.Value.For(context));
    }

    private ReadOnlySpan<char> OfHeader(PolicyContext context, string name)
    {
        if (!context.Http.Request.Headers.TryGetValue(name, out var values) || values is not [{ } text])
        {
            return default;
        }

        var token = text.AsSpan().Trim();
        var isAuthorization = name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase);
        var end = token.IndexOf(' ');
        if (end < 0 && token.Equals(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var scheme = end < 0 ? default : token[..end];
        if (isAuthorization && _scheme?.For(context) is { Length: > 0 } required && !scheme.Equals(required, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        return end < 0 || !(isAuthorization || scheme.Equals(Bearer, StringComparison.OrdinalIgnoreCase)) ? token : token[(end + 1)..].TrimStart();
    }
}
