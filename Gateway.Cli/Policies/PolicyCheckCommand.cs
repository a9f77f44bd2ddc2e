using System.CommandLine;
using Gateway.Cli.Commands;
using Gateway.Hosting.Running;
using Gateway.Policies.Documents;

namespace Gateway.Cli.Policies;

/// <summary><c>gateway policy check PATH…</c>: says what is wrong with policy documents before anybody saves them.</summary>
internal static class PolicyCheckCommand
{
    private static readonly (string Word, PolicyScope Scope)[] _scopes =
        [.. PolicyScope.All.Each().Select(scope => (scope.Name(), scope))];

    /// <summary>The command and its options.</summary>
    public static Command Create(Output output)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files, and folders whose .xml files are taken, those of their folders too.", Arity = ArgumentArity.OneOrMore };
        var kind = new Option<string>("--kind") { Description = "policies or fragment; by the outermost element of each document without it." };
        kind.AcceptOnlyFromAmong("policies", "fragment");
        var scope = new Option<string>("--scope") { Description = "Where the documents will stand; without it they have to be correct at some scope." };
        scope.AcceptOnlyFromAmong([.. _scopes.Select(choice => choice.Word)]);
        var needs = new Option<string>("--needs") { Description = "A table of what exists for each document, tab-separated: doc, named_values, fragments, backends, certificates, loggers." };
        var catalog = new Option<string>("--catalog") { Description = "A folder as gateway apply takes it: what it declares exists." };
        var strict = new Option<bool>("--strict") { Description = "What a document names and what does not exist is an error, not a warning." };
        var format = new Option<string>("-o", "--output") { Description = "text, or json: [{file,line,column,severity,code,message}].", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("check", "Check policy documents and fragments: 0 when none is refused, 1 when some are, 2 when the command is wrong.")
        {
            paths, kind, scope, needs, catalog, strict, format,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var known = KnownResources.Read(parsed.GetValue(catalog), parsed.GetValue(needs));
            var check = new DocumentCheck(known)
            {
                IsFragment = parsed.GetValue(kind) is { } word ? word == "fragment" : null,
                Scope = parsed.GetValue(scope) is { } name ? _scopes.First(choice => choice.Word == name).Scope : PolicyScope.All,
                IsStrict = parsed.GetValue(strict),
            };
            var files = DocumentFiles.Find(parsed.GetRequiredValue(paths));
            var findings = check.Run(files, cancellationToken);
            await (parsed.GetValue(format) == "json" ? CheckReport.WriteJsonAsync(output, findings) : CheckReport.WriteTextAsync(output, files.Count, findings));
            return findings.Any(finding => finding.IsError) ? ExitCodes.Refused : ExitCodes.Done;
        });
        return command;
    }
}
