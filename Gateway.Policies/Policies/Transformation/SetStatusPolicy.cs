using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

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

    /// <summary><c>code</c>: 200 to 599; required. May be an expression.</summary>
    public required PolicySetting<int> Code { get; init; }

    /// <summary><c>reason</c>: the phrase after the code in HTTP/1.1; by default that of the code. May be an expression.</summary>
    public PolicySetting<string>? Reason { get; init; }

    /// <inheritdoc/>
    public static SetStatusPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        if (element.Attribute("code") is null)
        {
            read.Error("code", "The attribute 'code' is missing.");
        }

        var code = read.IntegerSetting("code", 200, 599);
        var reason = read.TextSetting("reason", text => HeaderText.IsPrintable(text) ? null : "The attribute 'reason' may hold only printable ASCII characters.");
        read.End();
        return code is { } status ? new() { Code = status, Reason = reason } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        Resolve(context).Apply(context);
        return ValueTask.CompletedTask;
    }

    internal ResolvedStatus Resolve(PolicyContext context) => new(Code.For(context), Reason?.For(context));
}
