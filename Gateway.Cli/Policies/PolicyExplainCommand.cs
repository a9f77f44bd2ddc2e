using System.CommandLine;
using Gateway.Cli.Commands;
using Gateway.Hosting.Running;
using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Cli.Policies;

/// <summary><c>gateway policy explain DIR</c>: shows what the documents of all scopes come to for one operation.</summary>
internal static class PolicyExplainCommand
{
    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var folder = new Argument<string>("DIR") { Description = "A folder in the APIOps artifact layout." };
        var api = new Option<string>("--api") { Description = "The API; without it the global document alone, with that of the product." };
        var operation = new Option<string>("--operation") { Description = "The operation of the API." };
        var product = new Option<string>("--product") { Description = "The product whose key the caller has; without it a key of no product." };
        var command = new Command("explain", "Show the policies that are in force for an operation, in the order they run, and whose they are.") { folder, api, operation, product };
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(operation) is not null && parsed.GetValue(api) is null)
            {
                throw new ExitException(ExitCodes.Setting, "--operation needs --api.");
            }

            var known = KnownResources.Read(parsed.GetRequiredValue(folder), needs: null);
            var (text, findings) = EffectivePolicy.Explain([.. Documents(known, parsed.GetValue(api), parsed.GetValue(operation), parsed.GetValue(product))]);
            foreach (var finding in findings)
            {
                await output.Messages.WriteLineAsync($"{finding.Line}:{finding.Column}: {finding.Message}");
            }

            if (text is null)
            {
                return ExitCodes.Refused;
            }

            await output.Result.WriteLineAsync(text);
            return ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<PolicySource> Documents(KnownResources known, string? api, string? operation, string? product)
    {
        (PolicyScope Scope, string? Parent)[] places =
        [
            (PolicyScope.Global, ""),
            (PolicyScope.Product, product is null ? null : $"/products/{product}"),
            (PolicyScope.Api, api is null ? null : $"/apis/{api}"),
            (PolicyScope.Operation, operation is null ? null : $"/apis/{api}/operations/{operation}"),
        ];
        foreach (var (scope, parent) in places)
        {
            // Operations come from a specification, which is not read here.
            if (parent is { Length: > 0 } && scope != PolicyScope.Operation && !known.Has(parent))
            {
                throw new ExitException(ExitCodes.Setting, $"The folder declares no '{parent}'.");
            }

            if (parent is not null && known.Document($"{parent}/policies/policy") is { } document)
            {
                yield return new PolicySource { Text = document.Text, IsRaw = document.IsRaw, Scope = scope, Fragments = known.For("").Fragment };
            }
        }
    }
}
