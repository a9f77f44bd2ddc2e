using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Policies.Policies.Validation;

/// <summary>
/// Looks whether the parameters of path and query and the headers of the request are as the operation's definition has them. Headers that belong to HTTP
/// itself, and those of a key, need not be defined.
/// </summary>
public sealed class ValidateParametersPolicy : IPolicy<ValidateParametersPolicy>
{
    private readonly ValidationRules _headers;
    private readonly ValidationRules _query;
    private readonly ValidationRules _path;
    private readonly string? _variable;

    private ValidateParametersPolicy(ValidationRules headers, ValidationRules query, ValidationRules path, string? variable) =>
        (_headers, _query, _path, _variable) = (headers, query, path, variable);

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "validate-parameters", Sections = PolicySection.Inbound, OncePerBranch = true };

    /// <inheritdoc/>
    public static ValidateParametersPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var specified = read.RequiredChoiceSetting("specified-parameter-action", ValidationReport.Actions);
        var unspecified = read.RequiredChoiceSetting("unspecified-parameter-action", ValidationReport.Actions);
        var variable = read.Optional("errors-variable-name");
        var made = new ValidateParametersPolicy(Rules("headers", true), Rules("query", true), Rules("path", false), variable);
        read.End();
        return made;

        ValidationRules Rules(string name, bool hasUnspecified)
        {
            if (read.Child(name) is not { } child)
            {
                return new() { Specified = specified, Unspecified = unspecified };
            }

            var reader = parsing.Read(child);
            var rules = new ValidationRules
            {
                Specified = reader.Has("specified-parameter-action") ? reader.ChoiceSetting("specified-parameter-action", ValidationAction.Ignore, ValidationReport.Actions) : specified,
                Unspecified = hasUnspecified && reader.Has("unspecified-parameter-action") ? reader.ChoiceSetting("unspecified-parameter-action", ValidationAction.Ignore, ValidationReport.Actions) : unspecified,
            };
            rules.Read(reader, "parameter", "name", parsing);
            reader.End();
            return rules;
        }
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var shape = context.Operation?.Shape ?? OperationShape.Empty;
        var report = new ValidationReport(Descriptor.Name, _variable, ofResponse: false);
        foreach (var parameter in shape.Path)
        {
            _path.Judge(context, report, parameter, context.TryGetMatchedParameter(parameter.Name, out var value) ? [value] : [], "PathParameter", "path parameter");
        }

        JudgeQuery(context, report, shape);
        JudgeHeaders(context, report, shape);
        report.End(context);
        return ValueTask.CompletedTask;
    }

    private static bool Defines(IReadOnlyList<ParameterShape> shapes, string name) => shapes.Any(shape => shape.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private void JudgeQuery(PolicyContext context, ValidationReport report, OperationShape shape)
    {
        var query = QueryHelpers.ParseQuery(context.Backend.Query);
        foreach (var parameter in shape.Query)
        {
            _query.Judge(context, report, parameter, query.TryGetValue(parameter.Name, out var values) ? values.ToArray() : [], "QueryParameter", "query parameter");
        }

        foreach (var name in query.Keys)
        {
            if (!Defines(shape.Query, name) && !name.Equals(context.Api?.KeyQuery, StringComparison.OrdinalIgnoreCase))
            {
                report.Add(name, "QueryParameter", "Unspecified", $"Unspecified query parameter {name} is not allowed.", _query.ForUnspecified(context, name));
            }
        }
    }

    private void JudgeHeaders(PolicyContext context, ValidationReport report, OperationShape shape)
    {
        var headers = context.Http.Request.Headers;
        foreach (var header in shape.Headers)
        {
            _headers.Judge(context, report, header, headers[header.Name].ToArray(), "RequestHeader", "header");
        }

        foreach (var name in headers.Keys)
        {
            if (!CommonHeaders.OfRequests.Contains(name) && !Defines(shape.Headers, name) && !name.Equals(context.Api?.KeyHeader, StringComparison.OrdinalIgnoreCase))
            {
                report.Add(name, "RequestHeader", "Unspecified", $"Unspecified header {name} is not allowed.", _headers.ForUnspecified(context, name));
            }
        }
    }
}
