using Gateway.Policies.Documents;
using Gateway.Policies.Expressions.Programs;
using Gateway.Policies.Pipelines;
using Gateway.PolicyCompiler;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>From text to pipelines by the way that publications take: compile, serialise, read, build.</summary>
internal static class Compiled
{
    public static string Text(string? inbound = null, string? backend = null, string? outbound = null, string? onError = null) =>
        $"<policies>{Section("inbound", inbound)}{Section("backend", backend)}{Section("outbound", outbound)}{Section("on-error", onError)}</policies>";

    public static PolicyDocument Document(string text, PolicyScope scope)
    {
        var compilation = PolicyDocumentCompiler.Compile(new PolicySource { Text = text, Scope = scope });
        Assert.Empty(compilation.Diagnostics);
        return Document(compilation, scope);
    }

    public static PolicyDocument Document(PolicyCompilation compilation, PolicyScope scope) =>
        PolicyDocument.Parse(PolicyTree.Deserialize(compilation.Tree!), scope, Slots(compilation));

    private static ExpressionProgram? Slots(PolicyCompilation compilation)
    {
        if (compilation.Slots.Count == 0)
        {
            return null;
        }

        var program = ProgramCompiler.Compile(new ProgramSource(compilation.Slots), ExpressionApi.Current, CancellationToken.None);
        Assert.Empty(program.Diagnostics);
        return ExpressionProgram.Load("test", program.Image);
    }

    public static PolicyPipeline Pipeline(string? global = null, string? product = null, string? api = null, string? operation = null) =>
        PolicyPipeline.Flatten(
            global is null ? null : Document(global, PolicyScope.Global),
            product is null ? null : Document(product, PolicyScope.Product),
            api is null ? null : Document(api, PolicyScope.Api),
            operation is null ? null : Document(operation, PolicyScope.Operation));

    private static string Section(string name, string? steps) => steps is null ? "" : $"<{name}>{steps}</{name}>";
}
