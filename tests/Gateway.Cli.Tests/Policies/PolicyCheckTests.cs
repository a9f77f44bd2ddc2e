using System.Text.Json.Nodes;

namespace Gateway.Cli.Tests.Policies;

public sealed class PolicyCheckTests
{
    private const string Good = """<policies><inbound><base /><set-header name="a"><value>@("b")</value></set-header></inbound></policies>""";

    [Fact]
    public async Task Check_CorrectDocuments_EndsWith0AndAnEmptyArray()
    {
        using var folder = new TemporaryFolder().With("a.xml", Good).With("below/b.xml", "<fragment><set-status code=\"200\" /></fragment>").With("notes.txt", "<");

        var run = await CommandRun.OfAsync("policy", "check", folder.Path, "-o", "json");

        Assert.Equal((0, "[]", ""), (run.Code, run.Result.Trim(), run.Messages));
    }

    [Fact]
    public async Task Check_Mistakes_EndWith1AndAreAllTold()
    {
        using var folder = new TemporaryFolder()
            .With("a.xml", "<policies>\n  <inbound>\n    <set-heder name=\"x\" />\n    <set-variable name=\"a\" value=\"@(gone)\" />\n  </inbound>\n</policies>")
            .With("b.xml", "<policies><inbound></policies>")
            .With("c.xml", Good);

        var run = await CommandRun.OfAsync("policy", "check", folder.In("a.xml"), folder.In("b.xml"), folder.In("c.xml"), "--output", "json");

        Assert.Equal(1, run.Code);
        var findings = JsonNode.Parse(run.Result)!.AsArray();
        Assert.Equal(["file", "line", "column", "severity", "code", "message"], findings[0]!.AsObject().Select(member => member.Key));
        Assert.Equal(
            [(folder.In("a.xml"), 3, 6, "error", "UnknownPolicy"), (folder.In("a.xml"), 4, 37, "error", "BadExpression"), (folder.In("b.xml"), 1, 22, "error", "MalformedDocument")],
            findings.Select(finding => ((string)finding!["file"]!, (int)finding["line"]!, (int)finding["column"]!, (string)finding["severity"]!, (string)finding["code"]!)));
    }

    [Fact]
    public async Task Check_AsText_WritesALineForEachFindingAndASummary()
    {
        using var folder = new TemporaryFolder().With("a.xml", "<policies><other /></policies>");

        var run = await CommandRun.OfAsync("policy", "check", folder.In("a.xml"));

        Assert.Equal(1, run.Code);
        Assert.Equal($"{folder.In("a.xml")}:1:12: error ValidationError: The element 'other' may not stand in 'policies'. (in policies/other)", run.Result.Trim());
        Assert.Equal("1 document checked, 1 refused; 0 warnings.", run.Messages.Trim());
    }

    public static TheoryData<string, string, string[], int> Judgements => new()
    {
        // What is missing is a warning, and an error when strict.
        { "backend", """<policies><inbound><set-backend-service backend-id="b" /></inbound></policies>""", [], 0 },
        { "backend", """<policies><inbound><set-backend-service backend-id="b" /></inbound></policies>""", ["--strict"], 1 },
        { "fragment", """<policies><inbound><include-fragment fragment-id="f" /></inbound></policies>""", [], 0 },
        { "fragment", """<policies><inbound><include-fragment fragment-id="f" /></inbound></policies>""", ["--strict"], 1 },
        { "named value", """<policies><inbound><set-backend-service base-url="{{u}}" /></inbound></policies>""", [], 0 },
        { "named value", """<policies><inbound><set-backend-service base-url="{{u}}" /></inbound></policies>""", ["--strict"], 1 },
        // What stands beside a named value is not judged, and all else is.
        { "number", """<policies><inbound><set-variable name="a" value="@(TimeSpan.FromSeconds({{n}}))" /></inbound></policies>""", [], 0 },
        { "elsewhere", """<policies><inbound><set-variable name="{{n}}" value="@(gone)" /></inbound></policies>""", [], 1 },
        // Scopes and kinds.
        { "scope", """<policies><inbound><quota calls="1" renewal-period="300" /></inbound></policies>""", [], 0 },
        { "scope", """<policies><inbound><quota calls="1" renewal-period="300" /></inbound></policies>""", ["--scope", "product"], 0 },
        { "scope", """<policies><inbound><quota calls="1" renewal-period="300" /></inbound></policies>""", ["--scope", "global"], 1 },
        { "kind", "<fragment />", [], 0 },
        { "kind", "<!-- <policies> --><?x?><fragment />", ["--kind", "fragment"], 0 },
        { "kind", "<fragment />", ["--kind", "policies"], 1 },
        { "kind", "<policies />", ["--kind", "fragment"], 1 },
        // What costs too much.
        { "depth", "<policies>" + new string('<', 1), [], 1 },
    };

    [Theory]
    [MemberData(nameof(Judgements))]
    public async Task Check_Document_IsJudgedByItsOptions(string name, string text, string[] options, int code)
    {
        using var folder = new TemporaryFolder().With($"{name}.xml", text);

        Assert.Equal(code, (await CommandRun.OfAsync(["policy", "check", folder.Path, .. options])).Code);
    }

    [Fact]
    public async Task Check_NeedsAndCatalog_SayWhatExists()
    {
        using var folder = new TemporaryFolder()
            .With("documents/a.xml", """<policies><inbound><include-fragment fragment-id="f" /><set-backend-service backend-id="b" /><set-variable name="{{n}}" value="1" /></inbound></policies>""")
            .With("needs.tsv", "doc\tnamed_values\tfragments\tbackends\topenid\na.xml\tm,N\tf\tb\tx\n")
            .With("catalog/named values/n/namedValueInformation.json", """{"properties":{"displayName":"n","value":"1"}}""")
            .With("catalog/backends/b/backendInformation.json", """{"properties":{"url":"http://b","protocol":"http"}}""")
            .With("catalog/policy fragments/f/policy.xml", "<fragment><set-status code=\"200\" /></fragment>");

        var needs = await CommandRun.OfAsync("policy", "check", folder.In("documents"), "--needs", folder.In("needs.tsv"), "--strict", "-o", "json");
        var catalog = await CommandRun.OfAsync("policy", "check", folder.In("documents"), "--catalog", folder.In("catalog"), "--strict", "-o", "json");

        Assert.Equal((0, "[]"), (needs.Code, needs.Result.Trim()));
        Assert.Equal(1, catalog.Code);
        var finding = Assert.Single(JsonNode.Parse(catalog.Result)!.AsArray())!;
        Assert.Contains("In the policy fragment 'f', element 'set-status'", (string?)finding["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_HugeAndDeepDocuments_AreRefusedFast()
    {
        using var folder = new TemporaryFolder()
            .With("long.xml", "<policies>" + new string('x', 10 * 1024 * 1024) + "</policies>")
            .With("deep.xml", string.Concat(Enumerable.Repeat("<a>", 10_000)) + string.Concat(Enumerable.Repeat("</a>", 10_000)))
            .With("bomb.xml", "<!DOCTYPE p [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><policies>&b;</policies>");
        var started = TimeProvider.System.GetTimestamp();

        var run = await CommandRun.OfAsync("policy", "check", folder.Path, "-o", "json");

        Assert.Equal(3, JsonNode.Parse(run.Result)!.AsArray().Select(finding => (string)finding!["file"]!).Distinct().Count());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("policy", "check")]
    [InlineData("policy", "check", "/no/such/path")]
    [InlineData("policy", "check", "/", "--scope", "everywhere")]
    [InlineData("policy", "check", "/", "--kind", "xml")]
    [InlineData("policy", "check", "/proc/self/status", "--needs", "/no/such/file")]
    [InlineData("policy", "check", "/proc/self/status", "--needs", "/proc/self/status")]
    [InlineData("policy", "check", "/proc/self/status", "--catalog", "/no/such/folder")]
    [InlineData("policy", "explain", "/no/such/folder")]
    public async Task Command_Wrong_EndsWith2(params string[] args)
    {
        var run = await CommandRun.OfAsync(args);

        Assert.Equal((2, ""), (run.Code, run.Result));
        Assert.NotEmpty(run.Messages);
    }

    [Fact]
    public async Task Explain_AllScopes_ShowsTheOrderTheyRunIn()
    {
        using var folder = new TemporaryFolder()
            .With("policy.xml", """<policies><inbound><cors-like /><set-variable name="g" value="{{v}}" /></inbound><backend><forward-request timeout="5" /></backend></policies>""")
            .With("products/p/productInformation.json", """{"properties":{"displayName":"p"}}""")
            .With("products/p/policy.xml", """<policies><inbound><base /><set-variable name="p" value="1" /></inbound></policies>""")
            .With("apis/a/apiInformation.json", """{"properties":{"displayName":"a","path":"a"}}""")
            .With("apis/a/policy.xml", """<policies><inbound><set-variable name="a" value="@("1" + '"')" /><base /></inbound><backend><forward-request timeout="9" /></backend></policies>""")
            .With("apis/a/operations/o/policy.xml", """<policies><inbound><base /><include-fragment fragment-id="f" /></inbound><outbound><set-status code="200" /></outbound></policies>""")
            .With("policy fragments/f/policy.xml", "<fragment><set-variable name=\"f\" value=\"1\" /></fragment>");

        var whole = await CommandRun.OfAsync("policy", "explain", folder.Path, "--api", "a", "--operation", "o", "--product", "p");
        var global = await CommandRun.OfAsync("policy", "explain", folder.Path);
        var unknown = await CommandRun.OfAsync("policy", "explain", folder.Path, "--api", "b");

        Assert.Equal(
            """
            <policies>
                <inbound>
                    <!-- api -->
                    <set-variable name="a" value="@(&quot;1&quot; + '&quot;')" />
                    <!-- global -->
                    <cors-like />
                    <set-variable name="g" value="{{v}}" />
                    <!-- product -->
                    <set-variable name="p" value="1" />
                    <!-- operation -->
                    <include-fragment fragment-id="f">
                        <set-variable name="f" value="1" />
                    </include-fragment>
                </inbound>
                <backend>
                    <!-- api -->
                    <forward-request timeout="9" />
                </backend>
                <outbound>
                    <!-- operation -->
                    <set-status code="200" />
                </outbound>
                <on-error />
            </policies>
            """,
            whole.Result.Trim(), ignoreLineEndingDifferences: true);
        Assert.Equal(0, whole.Code);
        Assert.Contains("<forward-request timeout=\"5\" />", global.Result, StringComparison.Ordinal);
        Assert.Equal(2, unknown.Code);
    }
}
