using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Validation;

/// <summary>
/// Looks whether the headers of the response are as the operation's definition has them for its status. What belongs to every answer,
/// as <c>Date</c>, <c>Content-Type</c> or <c>Content-Length</c>, need not be defined.
/// </summary>
public sealed class ValidateHeadersPolicy : IPolicy<ValidateHeadersPolicy>
{
    private readonly ValidationRules _rules;
    private readonly string? _variable;

    private ValidateHeadersPolicy(ValidationRules rules, string? variable) => (_rules, _variable) = (rules, variable);

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "validate-headers",
        Sections = PolicySection.Outbound | PolicySection.OnError,
        OncePerBranch = true,
    };

    /// <inheritdoc/>
    public static ValidateHeadersPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var rules = new ValidationRules
        {
            Specified = read.RequiredChoiceSetting("specified-header-action", ValidationReport.Actions),
            Unspecified = read.RequiredChoiceSetting("unspecified-header-action", ValidationReport.Actions),
        };
        var variable = read.Optional("errors-variable-name");
        rules.Read(read, "header", "name", parsing);
        read.End();
        return new(rules, variable);
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var response = context.Http.Response;
        var report = new ValidationReport(Descriptor.Name, _variable, ofResponse: true);
        var defined = context.Operation?.Shape.Responses.GetValueOrDefault(response.StatusCode)?.Headers ?? [];
        foreach (var shape in defined)
        {
            _rules.Judge(context, report, shape, response.Headers[shape.Name].ToArray(), "ResponseHeader", "header");
        }

        foreach (var (name, _) in response.Headers)
        {
            if (!CommonHeaders.OfResponses.Contains(name) && !defined.Any(shape => shape.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                report.Add(name, "ResponseHeader", "Unspecified", $"Unspecified header {name} is not allowed.", _rules.ForUnspecified(context, name));
            }
        }

        report.End(context);
        return ValueTask.CompletedTask;
    }
}
