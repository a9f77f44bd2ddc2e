using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

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
    private static readonly (string, HeaderAction)[] s_actions =
    [
        ("override", HeaderAction.Override), ("skip", HeaderAction.Skip),
        ("append", HeaderAction.Append), ("delete", HeaderAction.Delete),
    ];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "set-header" };

    /// <summary><c>name</c>: the header's name; required.</summary>
    public required string Name { get; init; }

    /// <summary><c>exists-action</c>: <c>override</c> (default), <c>skip</c>, <c>append</c> or <c>delete</c>.</summary>
    public HeaderAction ExistsAction { get; init; }

    /// <summary><c>value</c> elements: at least one unless the header is deleted. White space at their ends is dropped.</summary>
    public StringValues Values { get; init; }

    /// <summary>True for the response's headers.</summary>
    public bool OfResponse { get; init; }

    /// <inheritdoc/>
    public static SetHeaderPolicy? Parse(PolicyElement element, PolicyParsing parsing) =>
        Parse(element, parsing, parsing.ActsOnResponse);

    internal static SetHeaderPolicy? Parse(PolicyElement element, PolicyParsing parsing, bool ofResponse)
    {
        var read = parsing.Read(element);
        var name = read.Required("name");
        if (name is not null && !HeaderText.IsName(name))
        {
            read.Error("name", "The attribute 'name' must be a header name: letters, digits and !#$%&'*+-.^_`|~.");
        }
        else if (name is not null && HeaderText.IsOfConnection(name))
        {
            read.Error("name", "This header belongs to the connection and cannot be set by a policy.");
        }

        var action = read.Choice("exists-action", HeaderAction.Override, s_actions);
        var values = new List<string>();
        foreach (var child in read.Children("value"))
        {
            values.Add(ParseValue(child, parsing));
        }

        if (values.Count == 0 && action != HeaderAction.Delete)
        {
            parsing.Diagnostics.Error(element, "The element 'set-header' needs at least one 'value' unless its exists-action is delete.");
        }

        read.End();
        return name is null ? null : new()
        {
            Name = name,
            ExistsAction = action,
            Values = HeaderText.StaysSeparate(name) ? values.ToArray() : string.Join(',', values),
            OfResponse = ofResponse,
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var isHost = !OfResponse && string.Equals(Name, "Host", StringComparison.OrdinalIgnoreCase);
        var headers = OfResponse ? context.Http.Response.Headers : context.Http.Request.Headers;
        Apply(headers);
        if (isHost)
        {
            context.Backend.Host = headers.Host.Count == 0 ? null : headers.Host.ToString();
        }

        return ValueTask.CompletedTask;
    }

    private static string ParseValue(PolicyElement child, PolicyParsing parsing)
    {
        var read = parsing.Read(child);
        var value = read.Text()?.Trim() ?? "";
        if (!HeaderText.IsValue(value))
        {
            parsing.Diagnostics.Error(child, child.Text!, "A header's value may hold only printable ASCII characters.");
        }

        read.End();
        return value;
    }

    private void Apply(IHeaderDictionary headers)
    {
        switch (ExistsAction)
        {
            case HeaderAction.Delete:
                headers.Remove(Name);
                break;
            case HeaderAction.Skip when headers.ContainsKey(Name):
                break;
            case HeaderAction.Append when headers.TryGetValue(Name, out var present) && present.Count > 0:
                headers[Name] = HeaderText.StaysSeparate(Name)
                    ? StringValues.Concat(present, Values)
                    : string.Join(',', [.. present, .. Values]);
                break;
            default:
                headers[Name] = Values;
                break;
        }
    }
}
