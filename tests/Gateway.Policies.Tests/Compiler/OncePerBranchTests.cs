using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

/// <summary>Policies that a request may come to only once: real documents hold one in each branch of a choose.</summary>
public sealed class OncePerBranchTests
{
    private const string One = "<choose><when condition=\"@(context.Request.Method == &quot;GET&quot;)\"><forward-request timeout=\"1\" /></when><otherwise><forward-request timeout=\"2\" /></otherwise></choose>";

    [Theory]
    [InlineData(One)]
    [InlineData("<retry condition=\"@(false)\" count=\"1\" interval=\"1\">" + One + "</retry>")]
    [InlineData("<choose><when condition=\"true\">" + One + "</when><otherwise><forward-request /></otherwise></choose>")]
    public void Compile_OneInEachBranch_IsAccepted(string backend) => Assert.Empty(InBackend(backend));

    [Theory]
    [InlineData("<forward-request />\n<forward-request />")]
    [InlineData(One + "\n<forward-request />")]
    [InlineData("<forward-request /><choose><when condition=\"true\">\n<forward-request /></when></choose>")]
    [InlineData("<choose><when condition=\"true\"><forward-request /></when></choose><choose><when condition=\"true\" /><otherwise>\n<forward-request /></otherwise></choose>")]
    [InlineData("<choose><when condition=\"true\"><forward-request />\n<forward-request /></when><otherwise><forward-request /></otherwise></choose>")]
    public void Compile_TwoOnOneWay_IsRefused(string backend)
    {
        var finding = Assert.Single(InBackend(backend));

        Assert.Equal((2, "forward-request"), (finding.Line, finding.Element));
        Assert.Equal("The policy 'forward-request' may stand only once in a document, or once in each branch of a 'choose'.", finding.Message);
    }

    [Fact]
    public void Compile_TwoCors_IsRefusedWithItsLine()
    {
        const string cors = "<cors><allowed-origins><origin>https://a.example</origin></allowed-origins></cors>";
        var finding = Assert.Single(Compile($"<policies><inbound>{cors}\n{cors}</inbound></policies>", PolicyScope.Api));

        Assert.Equal((2, "The policy 'cors' may stand only once in a document, or once in each branch of a 'choose'."), (finding.Line, finding.Message));
    }

    /// <summary>The counters of those are known by the document that they stand in.</summary>
    [Fact]
    public void Compile_RateLimitInTwoBranches_IsRefused()
    {
        const string limit = "<rate-limit calls=\"1\" renewal-period=\"1\" />";
        var findings = Compile($"<policies><inbound><choose><when condition=\"true\">{limit}</when><otherwise>{limit}</otherwise></choose></inbound></policies>", PolicyScope.Product);

        Assert.Equal("The policy 'rate-limit' may stand only once in a document.", Assert.Single(findings).Message);
    }

    private static IReadOnlyList<PolicyDiagnostic> InBackend(string policies) => Compile($"<policies><backend>{policies}</backend></policies>", PolicyScope.Api);

    private static IReadOnlyList<PolicyDiagnostic> Compile(string text, PolicyScope scope) =>
        PolicyDocumentCompiler.Compile(new PolicySource { Text = text, Scope = scope, NamedValues = _ => null }).Diagnostics;
}
