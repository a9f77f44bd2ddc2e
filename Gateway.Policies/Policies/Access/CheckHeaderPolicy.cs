using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Policies.Access;

/// <summary>
/// Refuses requests without a header, or with another value of it than those listed. A header that was sent several times has the value of all
/// of them, joined with commas.
/// </summary>
public sealed class CheckHeaderPolicy : IPolicy<CheckHeaderPolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "check-header", Sections = PolicySection.Inbound };

    /// <summary><c>name</c>: the header's name; required. May be an expression.</summary>
    public required PolicySetting<string> Name { get; init; }

    /// <summary><c>failed-check-httpcode</c>: the status of a refusal, 200 to 599; required. May be an expression.</summary>
    public required PolicySetting<int> Status { get; init; }

    /// <summary><c>failed-check-error-message</c>: the message of a refusal; required. May be an expression.</summary>
    public required PolicySetting<string> Message { get; init; }

    /// <summary><c>ignore-case</c>: true compares values in any case; false by default. May be an expression.</summary>
    public PolicySetting<bool> IgnoreCase { get; init; }

    /// <summary><c>value</c> elements: the values let pass; without any the header need only be there. Each may be an expression.</summary>
    public required IReadOnlyList<PolicySetting<string>> Values { get; init; }

    /// <inheritdoc/>
    public static CheckHeaderPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var name = read.RequiredSetting("name");
        var status = read.RequiredIntegerSetting("failed-check-httpcode", 200, 599);
        var message = read.Untrimmed("failed-check-error-message");
        var ignoreCase = read.BooleanSetting("ignore-case") ?? new(false);
        var values = read.Values("value");
        read.End();
        return name is not { } header || status is not { } code || message is not { } text ? null : new()
        {
            Name = header,
            Status = code,
            Message = text,
            IgnoreCase = ignoreCase,
            Values = values,
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var name = Name.For(context);
        if (!context.Http.Request.Headers.TryGetValue(name, out var sent) || sent.Count == 0)
        {
            throw Refuse(context, "HeaderNotFound", $"Header {name} was not found in the request. Access denied.");
        }

        return Values.Count == 0 || IsListed(context, sent)
            ? ValueTask.CompletedTask
            : throw Refuse(context, "HeaderValueNotAllowed", $"The value of header {name} is not allowed. Access denied.");
    }

    private bool IsListed(PolicyContext context, StringValues sent)
    {
        var value = sent.Count == 1 ? sent[0] ?? "" : sent.ToString();
        var comparison = IgnoreCase.For(context) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        for (var i = 0; i < Values.Count; i++)
        {
            if (value.Equals(Values[i].For(context), comparison))
            {
                return true;
            }
        }

        return false;
    }

    private PolicyException Refuse(PolicyContext context, string reason, string message) =>
        AccessRefusals.Make(Descriptor.Name, reason, message, Status.For(context), Message.For(context));
}
