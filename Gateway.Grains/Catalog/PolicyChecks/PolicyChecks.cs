using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Grains.Catalog.PolicyChecks;

/// <summary>Compiles policy documents, and their expressions.</summary>
internal static class PolicyChecks
{
    private const string Backends = "/backends/";

    /// <summary>One verdict per document, in their order.</summary>
    /// <param name="policies">The documents.</param>
    /// <param name="limit">Ends the work: who wrote expressions that take so long is told so.</param>
    public static PolicyVerdict[] Run(PolicyToCheck[] policies, CancellationToken limit)
    {
        try
        {
            return [.. policies.Zip(PolicyDocumentCompiler.Check(Array.ConvertAll(policies, ToSource), limit), ToVerdict)];
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Array.ConvertAll(policies, policy => new PolicyVerdict
            {
                Key = policy.Key,
                Errors = [new(ErrorKind.ValidationError, "Compiling the expressions of the policies took too long: they are too complex, or too many for one change set.")],
            });
        }
    }

    private static PolicySource ToSource(PolicyToCheck policy) => new()
    {
        Text = policy.Text,
        IsRaw = policy.IsRaw,
        Scope = policy.Scope switch
        {
            Contracts.Catalog.Kinds.Policies.PolicyScope.Global => PolicyScope.Global,
            Contracts.Catalog.Kinds.Policies.PolicyScope.Product => PolicyScope.Product,
            Contracts.Catalog.Kinds.Policies.PolicyScope.Api => PolicyScope.Api,
            _ => PolicyScope.Operation,
        },
        IsFragment = policy.IsFragment,
        NamedValues = name => Find(policy, name) is { } found ? new NamedValue(found.Value, found.IsSecret) : null,
        Fragments = id => Array.Find(policy.Fragments, fragment => fragment.Id == id) is { } found ? new FragmentText(found.Text, found.IsRaw) : null,
    };

    /// <summary>A name that is no named value is an error, or belongs to a template: neither is a reference.</summary>
    private static PolicyVerdict ToVerdict(PolicyToCheck policy, PolicyCompilation compilation) => new()
    {
        Key = policy.Key,
        NamedValues = [.. compilation.NamedValues.Where(name => Find(policy, name) is not null)],
        References = [.. compilation.References.Select(reference => new NamedReference(reference.Path, reference.Element, reference.Line, reference.Column))],
        Backends = [.. compilation.References.Select(reference => reference.Path).Where(path => path.StartsWith(Backends, StringComparison.Ordinal)).Select(ResourcePath.Name).Distinct()],
        Errors = compilation.Tree is not null ? [] : [.. compilation.Diagnostics.Where(finding => finding.Severity == PolicySeverity.Error).Select(ToError)],
    };

    private static NamedValueText? Find(PolicyToCheck policy, string name) =>
        Array.Find(policy.NamedValues, value => string.Equals(value.Name, name, StringComparison.OrdinalIgnoreCase));

    private static GatewayError ToError(PolicyDiagnostic finding) => new(
        ErrorKind.ValidationError,
        PolicyMessages.At(finding.Element, finding.Line, finding.Column, finding.Message, finding.Path)) { Target = finding.Element };
}
