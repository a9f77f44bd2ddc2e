using System.Net;

namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>
/// Every expression, in every spelling that authors use, must come out of the document as it is for C#, and every character of it must
/// be found again where it stands in the text that was saved.
/// </summary>
public sealed class ExpressionSpellingTests
{
    public static TheoryData<string> Expressions { get; } =
    [
        "@(true)",
        "@(context.Request.Headers.GetValueOrDefault(\"X-Tenant\", \"none\"))",
        "@((string)context.Variables[\"token\"])",
        "@(context.Request.Body.As<JObject>(preserveContent: true)[\"order\"][\"id\"].ToString())",
        "@(context.Response.StatusCode >= 500 && context.Response.StatusCode < 600)",
        "@(context.User?.Groups.Select(g => g.Name).Contains(\"admin\") ?? false)",
        "@(context.Variables.ContainsKey(\"a\") ? \"yes\" : \"no\")",
        "@(\"\")",
        "@(\"a\" + \"\" + \"b\")",
        "@(\"(\" + '(' + \")\" + ')')",
        "@(\"}{][)(\")",
        "@(\"\\\\\")",
        "@(\"a \\\"quoted\\\" (\")",
        "@('\\'' + \"'\" + '\"' + \"x\")",
        "@('\\\\' + \"(\")",
        "@(@\"C:\\temp\\\")",
        "@(@\"a \"\"quoted\"\" ( \\\")",
        "@(@\"\")",
        "@(@\"\"\"\")",
        "@(Regex.IsMatch(context.Request.Url.Path, @\"^/v\\d+/(orders|items)/[^/\"\"]+$\"))",
        "@($\"{context.Api.Id}/{context.Operation.Id}\")",
        "@($\"{{{context.Api.Id + 1}}}\")",
        "@($\"{{\" + \"(\" + $\"}}\")",
        "@($\"{context.Variables[\"a\"]}-{(true ? \"b\" : \"c\")}\")",
        "@($\"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss}Z\")",
        "@($\"{1:0.00 \\\"}({2,5:N1})\")",
        "@($\"{global::System.String.Empty}:\")",
        "@($@\"{context.Api.Id} \"\"{{\"\" \\ {$\"{1}\"}\")",
        "@(@$\"{context.Api.Id}\"\" \\\")",
        "@($\"{new { a = new[] { 1, 2 } }.a.Length}\")",
        "@(\"\"\"a \"quoted\" ( \"\"\")",
        "@($\"\"\"{context.Api.Id} \"{1}\" (\"\"\")",
        "@($$\"\"\"{ \"id\": {{context.Api.Id + 1}}, \"brace\": { }\"\"\")",
        "@(1 /* ) \" ' */ + 2)",
        "@(\n  1 // ) \" ' {\n  + 2)",
        "@(1\r\n\t+ 2 // (\r\n)",
        "@(a / b / c)",
        "@(\"http://host//path\" /* // */ + \"/* \")",
        "@{ return \"a\"; }",
        "@{return new JObject(new JProperty(\"a\", new JArray(\"b\", 1)), new JProperty(\"c\", \"}\")).ToString();}",
        "@{\n    // it's \"one\"\n    var ids = new List<int> { 1, 2 };\n    foreach (var id in ids.Where(i => i < 2 && i > 0)) { if (id == 1) return \"x\"; }\n    return context.Request.Body.As<string>();\n}",
        "@{\r\n\tvar s = @\"line 1\r\n\tline 2 }\";\r\n\treturn s;\r\n}",
        "@{ try { return JObject.Parse(\"{}\")[\"a\"]; } catch (Exception) { return null; } }",
        "@{ var @class = '}'; return @class.ToString(); }",
        "@{ switch (context.Operation.Id) { case \"a\": return \"{\"; default: return $\"{'}'}\"; } }",
        "@{ string f(int i) => i > 1 ? \"ü€😀\" : \"\"; return f(2); }",
    ];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void RawInAttribute_ComesOutUnchanged(string expression)
    {
        Check($"<a x=\"{expression}\"/>", expression, raw: true);
        Check($"<a b='1' x='{expression}' c=\"{{\" ><b/></a>", expression, raw: true);
        Check($"<a\r\n\tx = \" \r\n {expression} \n\"\ty=\"&lt;\"/>", expression, raw: true);
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void RawInText_ComesOutUnchanged(string expression)
    {
        Check($"<a>{expression}</a>", expression, raw: true);
        Check($"<a>\r\n\t<!-- \"@( --> {expression} <!-- ' -->\n</a>", expression, raw: true);
        Check($"<a><b/> {expression}<?pi?></a>", expression, raw: true);
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void EncodedInAttribute_ComesOutUnchanged(string expression)
    {
        Check($"<a x=\"{Encoded(expression)}\"/>", expression, raw: false);
        Check($"<a x=' {Encoded(expression)} '/>", expression, raw: false);
        Check($"<a x=\"{Numbers(expression)}\"/>", expression, raw: false);
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void EncodedInText_ComesOutUnchanged(string expression)
    {
        Check($"<a>{Encoded(expression)}</a>", expression, raw: false);
        Check($"<a> {Encoded(expression)}\n</a>", expression, raw: false);
        Check($"<a>{Encoded(expression).Replace("&quot;", "\"", StringComparison.Ordinal)}</a>", expression, raw: false);
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void InCData_ComesOutUnchanged(string expression) =>
        Check($"<a> <![CDATA[\n{expression} ]]> </a>", expression, raw: true);

    private static void Check(string document, string expression, bool raw)
    {
        var reading = Documents.ReadCorrect(document);

        var read = Assert.Single(reading.Expressions);
        Assert.Equal(expression, read.Text);
        var value = reading.Root!.Text?.Value ?? reading.Root.Attribute("x")!.Value;
        Assert.False(value.IsLiteral);
        for (var i = 0; i < expression.Length; i++)
        {
            var source = document[read.SourceOf(i)..];
            Assert.StartsWith(
                expression[i].ToString(),
                raw || source[0] != '&' ? source : WebUtility.HtmlDecode(source[..(source.IndexOf(';', StringComparison.Ordinal) + 1)]),
                StringComparison.Ordinal);
        }
    }

    private static string Encoded(string expression) => expression
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&apos;", StringComparison.Ordinal);

    private static string Numbers(string expression) => Encoded(expression)
        .Replace("&quot;", "&#34;", StringComparison.Ordinal)
        .Replace("&apos;", "&#x27;", StringComparison.Ordinal)
        .Replace("\r", "&#xD;", StringComparison.Ordinal)
        .Replace("\n", "&#10;", StringComparison.Ordinal)
        .Replace("\t", "&#x9;", StringComparison.Ordinal);
}
