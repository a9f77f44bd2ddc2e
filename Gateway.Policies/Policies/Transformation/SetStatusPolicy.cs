using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>Sets the status of the response.</summary>
public sealed class SetStatusPolicy : IPolicy<SetStatusPolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "set-status",
        Sections = PolicySection.Backend | PolicySection.Outbound | PolicySection.OnError,
    };

    /// <summary><c>code</c>: 200 to 599; required.</summary>
    public required int Code { get; init; }

    /// <summary><c>reason</c>: the phrase after the code in HTTP/1.1; by default that of the code.</summary>
    public string? Reason { get; init; }

    /// <inheritdoc/>
    public static SetStatusPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var code = read.Required("code") is null ? null : read.Integer("code", 200, 599);
        var reason = read.Optional("reason");
        if (reason is not null && !HeaderText.IsValue(reason))
        {
            read.Error("reason", "The attribute 'reason' may hold only printable ASCII characters.");
        }

        read.End();
        return code is { } status ? new() { Code = status, Reason = string.IsNullOrEmpty(reason) ? null : reason } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        context.Http.Response.StatusCode = Code;
        if (context.Http.Features.Get<IHttpResponseFeature>() is { } response)
        {
            response.ReasonPhrase = Reason;
        }

        return ValueTask.CompletedTask;
    }
}
