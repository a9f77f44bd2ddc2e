using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Policies.Validation;

/// <summary>
/// Collects what is wrong, and ends it: faults stand in a variable as a list of objects with <c>Name</c>, <c>Type</c>, <c>ValidationRule</c>,
/// <c>Details</c> and <c>Action</c>, and the first that is to be prevented refuses.
/// </summary>
/// <param name="policy">The policy's name.</param>
/// <param name="variable">The variable; null for none.</param>
/// <param name="ofResponse">True for what a backend sent: the client is not told what is wrong with it.</param>
internal sealed class ValidationReport(string policy, string? variable, bool ofResponse)
{
    private const int MostFaults = 100;
    private const string Masked = "The request could not be processed due to an internal error. Contact the API owner.";

    private static readonly (string, ValidationAction)[] s_actions =
        [("ignore", ValidationAction.Ignore), ("prevent", ValidationAction.Prevent), ("detect", ValidationAction.Detect)];

    private List<ValidationFault>? _faults;

    /// <summary>The words of all actions.</summary>
    public static IReadOnlyList<(string, ValidationAction)> Actions => s_actions;

    /// <summary>Notes a fault.</summary>
    public void Add(string name, string type, string rule, string details, ValidationAction action)
    {
        if (action != ValidationAction.Ignore && (_faults ??= []).Count < MostFaults)
        {
            _faults.Add(new(name, type, rule, details, action));
        }
    }

    /// <summary>Ends it.</summary>
    /// <exception cref="PolicyException">Something is to be prevented.</exception>
    public void End(PolicyContext context)
    {
        if (_faults is null)
        {
            return;
        }

        if (!string.IsNullOrEmpty(variable))
        {
            context.Variables[variable] = new JArray(_faults.Select(fault => new JObject
            {
                ["Name"] = fault.Name,
                ["Type"] = fault.Type,
                ["ValidationRule"] = fault.Rule,
                ["Details"] = fault.Details,
                ["Action"] = fault.Action.ToString(),
            }));
        }

        if (_faults.Find(fault => fault.Action == ValidationAction.Prevent) is { } worst)
        {
            throw new PolicyException(
                new LastError { Source = policy, Reason = ofResponse ? "Response not allowed" : "Bad request", Message = worst.Details },
                ofResponse ? StatusCodes.Status502BadGateway : StatusCodes.Status400BadRequest,
                ofResponse ? Masked : worst.Details);
        }
    }
}
