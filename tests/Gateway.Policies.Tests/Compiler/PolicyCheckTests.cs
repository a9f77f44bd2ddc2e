using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;
using Gateway.PolicyCompiler;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Policies.Tests.Compiler;

/// <summary>Documents with expressions through the real compiler. § stands where the finding must point, and is taken out before.</summary>
public sealed class PolicyCheckTests
{
    public static TheoryData<string, string, string> Mistakes { get; } = new()
    {
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(§missing.Length)</value></set-header></inbound></policies>", "missing" },
        { "value", "<policies>\r\n<inbound>\r\n<set-header name=\"A\">\r\n<value>@{\r\n\tvar a = \"}\";\r\n\treturn a.§Lengthy;\r\n}</value></set-header></inbound></policies>", "first argument of type 'string' could be found." },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(&quot;{{long}}&quot; + 1 &lt; §missing)</value></set-header></inbound></policies>", "missing" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@((\"{{long}}\" as §Missing).Length)</value></set-header></inbound></policies>", "Missing" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(§System.IO.File.ReadAllText(\"/etc/passwd\"))</value></set-header></inbound></policies>", "File" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(1 +§)</value></set-header></inbound></policies>", "" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(§a{{word}} + 1)</value></set-header></inbound></policies>", "" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@{ switch (\"a\") { case \"{{word}}\": return 1; §case \"{{word}}\": return 2; } return 3; }</value></set-header></inbound></policies>", "with the named values that stand in it" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(new[] { 1 }.Sum(a => new[] { 1 }.Sum(b => new[] { 1 }.Sum(c => new[] { 1 }.Sum(§d => missing)))))</value></set-header></inbound></policies>", "nested 3 deep" },
        // the type of a setting
        { "when", "<policies><inbound><choose><when §condition=\"@(\"true\")\"><base/></when></choose></inbound></policies>", "The attribute 'condition' must be true or false." },
        { "set-status", "<policies><inbound><return-response><set-status\n §code=\"@(context.Elapsed)\" /></return-response></inbound></policies>", "The attribute 'code' must be a whole number." },
        { "forward-request", "<policies><backend><forward-request §http-version=\"@(\"1\")\" /></backend></policies>", "may not be an expression" },
        { "value", "<policies><inbound><set-header name=\"A\"><value>@(1 + §{{word}})</value></set-header></inbound></policies>", "with the named values that stand in it" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Check_ExpressionWithMistake_PointsAtIt(string element, string marked, string message)
    {
        var offset = marked.IndexOf('§', StringComparison.Ordinal);
        var lines = marked[..offset].Split('\n');

        var compilation = Check(marked.Remove(offset, 1));

        Assert.Null(compilation.Tree);
        Assert.Contains(compilation.Diagnostics, finding =>
            (finding.Element, finding.Line, finding.Column) == (element, lines.Length, lines[^1].Length + 1) && finding.Message.Contains(message, StringComparison.Ordinal));
        Assert.DoesNotContain(compilation.Diagnostics, finding => finding.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_CorrectDocument_GivesTheTreeAndSlotsThatCompileGives()
    {
        const string text = """
            <policies>
                <inbound>
                    <base />
                    <set-variable name="id" value="@{
                        // from the body
                        return context.Request.Body.As<JObject>(true)["id"].ToString();
                    }" />
                    <choose>
                        <when condition="@(context.Request.Method == "GET" && context.Variables.ContainsKey("id"))">
                            <set-header name="A" exists-action="override"><value>@($"{{long}}-{context.Api.Id}")</value></set-header>
                        </when>
                    </choose>
                    <set-header name="B" exists-action="override"><value>@($&quot;{{long}}-{context.Api.Id}&quot;)</value></set-header>
                </inbound>
                <outbound><set-body>@(context.Response.Body.As<string>() + "")</set-body></outbound>
            </policies>
            """;

        var compilation = Check(text);

        Assert.Empty(compilation.Diagnostics);
        Assert.Equal(
            [
                "@($\"much longer than its name-{context.Api.Id}\")",
                "@(context.Request.Method == \"GET\" && context.Variables.ContainsKey(\"id\"))",
                "@(context.Response.Body.As<string>() + \"\")",
                "@{\n            // from the body\n            return context.Request.Body.As<JObject>(true)[\"id\"].ToString();\n        }",
            ],
            compilation.Slots.Select(slot => slot.ReplaceLineEndings("\n")));
        var tree = PolicyTree.Deserialize(compilation.Tree!);
        Assert.Equal(new ProgramSource(compilation.Slots).Key, tree.Program);
        Assert.Equal(
            [(3, BodyUse.Request), (1, BodyUse.None), (0, BodyUse.None), (0, BodyUse.None), (2, BodyUse.Response)], SlotsOf(tree.Root).Select(value => (value.Slot, value.Bodies)));
        var projected = PolicyDocumentCompiler.Compile(Source(text));
        Assert.Equal((compilation.Tree, string.Concat(compilation.Slots)), (projected.Tree, string.Concat(projected.Slots)));
    }

    [Fact]
    public void Check_MistakeAtSeveralPlaces_IsReportedAtEach()
    {
        var findings = Check("<policies><inbound><set-header name=\"A\"><value>@(missing)</value><value>\n@(missing)</value></set-header></inbound></policies>").Diagnostics;

        Assert.Equal([(1, 50), (2, 3)], findings.Where(finding => finding.Message.Contains("missing", StringComparison.Ordinal)).Select(finding => (finding.Line, finding.Column)));
    }

    private static IEnumerable<PolicyValue> SlotsOf(PolicyElement element) =>
    [
        .. element.Attributes.Select(attribute => attribute.Value).Concat(element.Text is { } text ? [text.Value] : []).Where(value => !value.IsLiteral),
        .. element.Children.SelectMany(SlotsOf),
    ];

    private static PolicyCompilation Check(string text) => PolicyDocumentCompiler.Check([Source(text)], CancellationToken.None)[0];

    private static PolicySource Source(string text) => new()
    {
        Text = text,
        Scope = PolicyScope.Api,
        NamedValues = name => name switch { "long" => new("much longer than its name", false), "word" => new("hunter2", true), _ => null },
    };
}
