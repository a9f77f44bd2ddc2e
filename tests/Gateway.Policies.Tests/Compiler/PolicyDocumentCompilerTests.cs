using System.Text;
using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

public sealed class PolicyDocumentCompilerTests
{
    private const string Canary = "s3cr3t<canary>&\"'é\n@";

    [Theory]
    [InlineData("<policies/>")]
    [InlineData("<policies><outbound/><inbound><base/></inbound></policies>")]
    [InlineData("\uFEFF<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n<policies xmlns:x=\"urn:x\"><backend><forward-request/></backend></policies>")]
    [InlineData("<policies><!-- <a -- --><inbound><?pi?></inbound></policies>")]
    [InlineData("<policies><!-- <unknown condition=\"@(a == \"b\")\" /> {{missing}} --><inbound><?pi?></inbound></policies>")]
    [InlineData("<policies><inbound><return-response><set-body><![CDATA[<a>{{x}}</a>]]></set-body></return-response></inbound></policies>")]
    [InlineData("<policies><inbound><set-header name=\"A\" exists-action=\"delete\" id=\"x\"/></inbound></policies>")]
    [InlineData("<policies><inbound><set-body template=\"none\" xsi-nil=\"blank\" parse-date=\"False\">{{ a }} {{}} {{a b}} {{x</set-body></inbound></policies>")]
    [InlineData("<policies><backend><forward-request timeout=\" 5 \" http-version=\"2or1\" buffer-response=\"false\" follow-redirects=\"false\" /></backend></policies>")]
    public void Compile_Document_IsAccepted(string text)
    {
        var compilation = Compile(text, ("x", "1"));

        Assert.NotNull(compilation.Tree);
        Assert.Empty(compilation.Diagnostics);
    }

    [Fact]
    public void Compile_SameSource_GivesTheSameTree()
    {
        const string text = "<policies><inbound><set-header name=\"A\"><value>a \"{{x}}\"</value></set-header></inbound></policies>";

        Assert.Equal(Compile(text, ("x", "1")).Tree, Compile(text, ("x", "1")).Tree);
        Assert.NotEqual(Compile(text, ("x", "1")).Tree, Compile(text, ("x", "2")).Tree);
    }

    [Fact]
    public void Compile_NamedValue_StandsInItsPlaceWhateverItHolds()
    {
        var tree = PolicyTree.Deserialize(Compile(
            "<policies><inbound><return-response><set-body>a{{n}}b{{n}}</set-body></return-response></inbound></policies>", ("n", Canary)).Tree!);

        var body = tree.Root.Children[0].Children[0].Children[0];
        Assert.Equal($"a{Canary}b{Canary}", body.Text!.Value.Literal);
    }

    [Fact]
    public void Compile_NamedValueOfNamedValue_IsNotFilledAgain()
    {
        var compilation = Compile("<policies><inbound><set-body>{{a}}</set-body></inbound></policies>", ("a", "{{b}}"), ("b", "x"));

        Assert.Equal(["a"], compilation.NamedValues);
        Assert.Contains("{{b}}", compilation.Tree, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_NamedValues_AreReportedOrderedAlsoWhenMissing()
    {
        var compilation = Compile(
            "<policies><inbound><set-backend-service base-url=\"http://{{z}}\" /><set-header name=\"{{a.B-c_1}}\"><value>{{z}}{{gone}}{{gone}}</value></set-header></inbound></policies>",
            ("z", "host"), ("a.B-c_1", "X-Name"));

        Assert.Equal(["a.B-c_1", "gone", "z"], compilation.NamedValues);
        Assert.Single(compilation.Diagnostics);
        Assert.Null(compilation.Tree);
    }

    [Fact]
    public void Compile_Backends_AreReportedOrderedOnce()
    {
        var compilation = Compile(
            "<policies><inbound><set-backend-service backend-id=\"b\" /></inbound><backend><set-backend-service backend-id=\"{{n}}\" /><set-backend-service backend-id=\"b\" /></backend></policies>",
            ("n", "a"));

        Assert.NotNull(compilation.Tree);
        Assert.Equal(["/backends/a", "/backends/b"], compilation.References.Select(reference => reference.Path).Distinct().Order());
    }

    public static TheoryData<string> SecretPlaces { get; } =
    [
        "<policies><inbound><set-header name=\"{{n}}\"><value>1</value></set-header></inbound></policies>",
        "<policies><inbound><set-header name=\"A\" exists-action=\"{{n}}\"><value>{{n}}</value></set-header></inbound></policies>",
        "<policies><inbound><set-backend-service base-url=\"{{n}}\" /><rewrite-uri template=\"x{{n}}{\" copy-unmatched-params=\"{{n}}\" /></inbound></policies>",
        "<policies><inbound><set-backend-service backend-id=\"{{n}}\" base-url=\"{{n}}\" /><unknown a=\"{{n}}\">{{n}}</unknown></inbound></policies>",
        "<policies><backend><forward-request timeout=\"{{n}}\" http-version=\"{{n}}\" fail-on-error-status-code=\"{{n}}\" x=\"{{n}}\" /></backend></policies>",
        "<policies><outbound><set-status code=\"{{n}}\" reason=\"{{n}}\" /><set-body template=\"{{n}}\" xsi-nil=\"{{n}}\"/></outbound></policies>",
        "<policies>{{n}}<inbound>{{n}}</inbound><{{n}} /></policies>",
        "<policies>{{n}}<inbound {{n}}=\"{{n}}\"></policies>",
        "<policies>{{n}}<inbound>{{n}}</inbound></policies>",
    ];

    [Theory]
    [MemberData(nameof(SecretPlaces))]
    public void Compile_SecretAnywhere_IsInNoDiagnosticNotEvenAPart(string text)
    {
        var compilation = Compile(text, ("n", Canary));

        Assert.NotEmpty(compilation.Diagnostics);
        foreach (var finding in compilation.Diagnostics)
        {
            Assert.DoesNotContain("s3c", finding.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("canary", finding.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NamedValue_ToString_HoldsNoValue() =>
        Assert.DoesNotContain("s3c", new NamedValue(Canary, true).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Compile_NamedValuesThatGrowTheDocument_AreBounded()
    {
        var text = new StringBuilder("<policies><inbound><set-body>");
        for (var i = 0; i < 50_000; i++)
        {
            text.Append("{{n}}");
        }

        var compilation = Compile(text.Append("</set-body></inbound></policies>").ToString(), ("n", new string('x', 4096)));

        Assert.Null(compilation.Tree);
        Assert.Contains("512 KB at most, together", Assert.Single(compilation.Diagnostics).Message, StringComparison.Ordinal);
    }

    private static PolicyCompilation Compile(string text, params (string Name, string Value)[] namedValues) =>
        PolicyDocumentCompiler.Compile(new PolicySource
        {
            Text = text,
            Scope = PolicyScope.Api,
            NamedValues = name => namedValues.Where(n => n.Name == name).Select(n => new NamedValue(n.Value, true)).FirstOrDefault(),
        });
}
