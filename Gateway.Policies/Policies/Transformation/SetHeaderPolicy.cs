using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>What <c>set-header</c> does with a header.</summary>
public enum HeaderAction
{
    /// <summary>Replaces what is there.</summary>
    Override,

    /// <summary>Leaves the header alone when it is there already.</summary>
    Skip,

    /// <summary>Adds to what is there.</summary>
    Append,

    /// <summary>Removes the header.</summary>
    Delete,
}

/// <summary>
/// Sets, extends or removes a header: of the request in inbound and backend, of the response in outbound, on-error and
/// <c>return-response</c>. Several values become one header, joined with commas, except where a header does not allow that
/// (<c>Set-Cookie</c>, <c>WWW-Authenticate</c> and others): these are sent one by one. Headers of the connection
/// (<c>Connection</c>, <c>Content-Length</c>, <c>Transfer-Encoding</c> and others) belong to the gateway and are refused.
/// <c>Host</c> of a request is the one that the backend sees.
/// </summary>
public sealed class SetHeaderPolicy : IPolicy<SetHeaderPolicy>
{
    /// <summary>The words of <c>exists-action</c>.</summary>
    internal static readonly (string, HeaderAction)[] Actions =
    [
        ("override", HeaderAction.Override), ("skip", HeaderAction.Skip),
        ("append", HeaderAction.Append), ("delete", HeaderAction.Delete),
    ];

    private StringValues? _fixed;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "set-header" };

    /// <summary><c>name</c>: the header's name; required. May be an expression.</summary>
    public required PolicySetting<string> Name { get; init; }

    /// <summary>
    /// <c>exists-action</c>: <c>override</c> (default), <c>skip</c>, <c>append</c> or <c>delete</c>. May be an expression.
    /// </summary>
    public PolicySetting<HeaderAction> ExistsAction { get; init; }

    /// <summary>
    /// <c>value</c> elements: at least one unless the header is deleted. White space at their ends is dropped. Each may be an expression; null
    /// is an empty value. Any characters but those of control; what is more than ASCII is sent as UTF-8.
    /// </summary>
    public required IReadOnlyList<PolicySetting<string>> Values { get; init; }

    /// <summary>True for the response's headers.</summary>
    public bool OfResponse { get; init; }

    /// <inheritdoc/>
    public static SetHeaderPolicy? Parse(PolicyElement element, PolicyParsing parsing) =>
        Parse(element, parsing, parsing.ActsOnResponse);

    internal static SetHeaderPolicy? Parse(PolicyElement element, PolicyParsing parsing, bool ofResponse)
    {
        var read = parsing.Read(element);
        var name = read.RequiredSetting("name", CheckName, UnfilledPlace.Any);
        var action = read.ChoiceSetting("exists-action", HeaderAction.Override, Actions);
        var values = read.Values<string>("value", ReadValue);
        if (!read.Children("value").Any() && action.IsLiteral && action.Literal != HeaderAction.Delete)
        {
            parsing.Diagnostics.Error(element, "The element 'set-header' needs at least one 'value' unless its exists-action is delete.");
        }

        if (!ofResponse && name is { IsLiteral: true, Literal: { } literal } && IsHost(literal))
        {
            CheckHost(read.Children("value"), parsing);
        }

        read.End();
        return name is not { } header ? null : new()
        {
            Name = header,
            ExistsAction = action,
            Values = values,
            _fixed = header.IsLiteral && values.All(value => value.IsLiteral)
                ? Join(header.Literal!, [.. values.Select(value => value.Literal!)])
                : (StringValues?)null,
            OfResponse = ofResponse,
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var header = Resolve(context);
        if (OfResponse)
        {
            header.Apply(context.Http.Response.Headers);
        }
        else if (IsHost(header.Name))
        {
            SetHost(context, header);
        }
        else
        {
            header.Apply(context.Http.Request.Headers);
        }

        return ValueTask.CompletedTask;
    }

    internal ResolvedHeader Resolve(PolicyContext context)
    {
        var name = Name.For(context);
        var action = ExistsAction.For(context);
        return new(name, action, action == HeaderAction.Delete ? default : _fixed ?? Evaluate(context, name));
    }

    private static void SetHost(PolicyContext context, ResolvedHeader header)
    {
        context.KeepHost();
        var headers = context.Http.Request.Headers;
        header.Apply(headers);
        context.Backend.Host = headers.Host.Count == 0 ? null : headers.Host.ToString();
    }

    private static bool IsHost(string name) => name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase);

    private static void CheckHost(IEnumerable<PolicyElement> values, PolicyParsing parsing)
    {
        foreach (var value in values)
        {
            if (value.Text is { Value.Literal: { } host } text && !Ascii.IsValid(host))
            {
                parsing.Diagnostics.Error(value, text, "The host that the backend sees is ASCII: write an international name in its form with xn--.");
            }
        }
    }

    private static string? ReadValue(string text, out string value)
    {
        value = HeaderCoding.Encode(text);
        return HeaderText.IsValue(text) ? null : "A header's value may hold no control characters, such as the end of a line.";
    }

    private static string? CheckName(string name) =>
        !HeaderText.IsName(name) ? "The attribute 'name' must be a header name: letters, digits and !#$%&'*+-.^_`|~."
        : HeaderText.IsOfConnection(name) ? "This header belongs to the connection and cannot be set by a policy."
        : null;

    private static StringValues Join(string name, string[] values) =>
        values.Length == 1 ? values[0] : HeaderText.StaysSeparate(name) ? values : string.Join(',', values);

    private StringValues Evaluate(PolicyContext context, string name)
    {
        if (Values.Count == 1)
        {
            return Values[0].For(context);
        }

        var values = new string[Values.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Values[i].For(context);
        }

        return Join(name, values);
    }
}
