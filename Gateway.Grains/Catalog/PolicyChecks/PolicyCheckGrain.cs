using Gateway.Contracts.Results;
using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;
using Orleans.Concurrency;

namespace Gateway.Grains.Catalog.PolicyChecks;

/// <inheritdoc cref="IPolicyCheckGrain" />
[StatelessWorker]
internal sealed class PolicyCheckGrain : Grain, IPolicyCheckGrain
{
    /// <inheritdoc />
    public Task<PolicyVerdict[]> Check(PolicyToCheck[] policies)
    {
        // The first compilation of a process takes seconds, which is too long for a turn of the scheduler.
        return Task.Run(() => CheckAll(policies));
    }

    private static PolicyVerdict[] CheckAll(PolicyToCheck[] policies)
    {
        var compilations = PolicyDocumentCompiler.Check(Array.ConvertAll(policies, ToSource), CancellationToken.None);
        return [.. policies.Zip(compilations, ToVerdict)];
    }

    private static PolicySource ToSource(PolicyToCheck policy) => new()
    {
        Text = policy.Text,
        Scope = policy.Scope switch
        {
            Contracts.Catalog.Kinds.Policies.PolicyScope.Global => PolicyScope.Global,
            Contracts.Catalog.Kinds.Policies.PolicyScope.Product => PolicyScope.Product,
            Contracts.Catalog.Kinds.Policies.PolicyScope.Api => PolicyScope.Api,
            _ => PolicyScope.Operation,
        },
        NamedValues = name => Find(policy, name) is { } found ? new NamedValue(found.Value, found.IsSecret) : null,
    };

    /// <summary>A name that is no named value is an error, or belongs to a template: neither is a reference.</summary>
    private static PolicyVerdict ToVerdict(PolicyToCheck policy, PolicyCompilation compilation) => new()
    {
        Key = policy.Key,
        NamedValues = [.. compilation.NamedValues.Where(name => Find(policy, name) is not null)],
        Backends = [.. compilation.Backends],
        Errors = compilation.Tree is not null ? [] : [.. compilation.Diagnostics.Where(finding => finding.Severity == PolicySeverity.Error).Select(ToError)],
    };

    private static NamedValueText? Find(PolicyToCheck policy, string name) =>
        Array.Find(policy.NamedValues, value => string.Equals(value.Name, name, StringComparison.OrdinalIgnoreCase));

    private static GatewayError ToError(PolicyDiagnostic finding) => new(
        ErrorKind.ValidationError,
        $"Error in element '{finding.Element}' on line {finding.Line}, column {finding.Column}: {finding.Message}") { Target = finding.Element };
}
