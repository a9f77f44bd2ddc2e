using System.Globalization;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Validation;

/// <summary>Looks whether the status of the response is one that the operation's definition has.</summary>
public sealed class ValidateStatusCodePolicy : IPolicy<ValidateStatusCodePolicy>
{
    private readonly ValidationRules _rules;
    private readonly string? _variable;

    private ValidateStatusCodePolicy(ValidationRules rules, string? variable) => (_rules, _variable) = (rules, variable);

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "validate-status-code",
        Sections = PolicySection.Outbound | PolicySection.OnError,
        OncePerBranch = true,
    };

    /// <inheritdoc/>
    public static ValidateStatusCodePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var rules = new ValidationRules
        {
            Specified = new(ValidationAction.Ignore),
            Unspecified = read.RequiredChoiceSetting("unspecified-status-code-action", ValidationReport.Actions),
        };
        var variable = read.Optional("errors-variable-name") ?? read.Optional("error-variable-name");
        read.Optional("error-variable-name");
        rules.Read(read, "status-code", "code", parsing);
        read.End();
        return new(rules, variable);
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var status = context.Http.Response.StatusCode;
        if (context.Operation?.Shape.Responses.ContainsKey(status) == true)
        {
            return ValueTask.CompletedTask;
        }

        var name = status.ToString(CultureInfo.InvariantCulture);
        var report = new ValidationReport(Descriptor.Name, _variable, ofResponse: true);
        report.Add(name, "StatusCode", "Unspecified", $"Unspecified status code {name} is not allowed.", _rules.ForUnspecified(context, name));
        report.End(context);
        return ValueTask.CompletedTask;
    }
}
