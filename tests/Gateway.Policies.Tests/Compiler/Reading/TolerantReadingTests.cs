using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>What real documents hold that is no XML, or is XML with a trap in it. A tree is written as <c>name(a=value){text}[children]</c>.</summary>
public sealed class TolerantReadingTests
{
    public static TheoryData<string, string> Traps { get; } = new()
    {
        // before and around the document
        { "\uFEFF<a/>", "a" },
        { "\uFEFF \r\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a/>\n", "a" },
        { "some words -- > <?xml version=\"1.0\"?><a/>", "a" },
        { "<!-- first --><?xml version=\"1.0\"?><a/><!-- last -->", "a" },
        // comments
        { "<a><!-- -- @(\"a --><b/><!----></a>", "a[b]" },
        { "<a><!-- <b x=\"@(a == \"b\")\"/> {{missing}} & < --></a>", "a" },
        { "<a>x<!-- y -->z</a>", "a{xz}" },
        { "<a> <!-- y --> </a>", "a" },
        // bare characters in literals
        { "<a x=\"1 < 2 & 3 > 2 && true\"/>", "a(x=1 < 2 & 3 > 2 && true)" },
        { "<a x=\"http://h/?a=1&b=2&amp;c=3&copy;=4\">a < b <3 <- << & && &b c; &#; &#x; &#xFFFFFFFFF; &#0; ></a>", "a(x=http://h/?a=1&b=2&c=3&copy;=4){a < b <3 <- << & && &b c; &#; &#x; &#xFFFFFFFFF; &#0; >}" },
        { "<a x='say \"hi\"' y=\"it's\"/>", "a(x=say \"hi\",y=it's)" },
        { "<a>&lt;b&gt;&amp;&quot;&apos;&#65;&#x1F600;]]></a>", "a{<b>&\"'A😀]]>}" },
        // white space as XML has it
        { "<a x=\"1\r\n2\n3\r4\t5&#10;6\">1\r\n2\r3\n</a>", "a(x=1 2 3 4 5\n6){1\n2\n3\n}" },
        { "<a\tx = '1'\r\n/>", "a(x=1)" },
        { "<a></a >", "a" },
        // CDATA
        { "<a><![CDATA[<b>&amp;{{n}}\r\n]]></a>", "a{<b>&amp;value\n}" },
        { "<a>1<![CDATA[2]]>3</a>", "a{123}" },
        { "<a><![CDATA[]]></a>", "a" },
        { "<a><![CDATA[&#x20;@(1)]]></a>", "a{&#x20;@(1)}" },
        { "<a>x <![CDATA[@(1)]]></a>", "a{x @(1)}" },
        // names
        { "<soap:a xmlns:soap=\"urn:s\" xmlns=\"urn:x\" soap:x=\"1\"><é-1._b/></soap:a>", "soap:a(soap:x=1)[é-1._b]" },
        // a value is an expression only when it begins with one
        { "<a x=\"Bearer @(1)\">a@(b)</a>", "a(x=Bearer @(1)){a@(b)}" },
        { "<a x=\"@ (1)\" y=\"@b(1)\" z=\"@\">@[1]</a>", "a(x=@ (1),y=@b(1),z=@){@[1]}" },
        { "<a x=\"&#64;(1)\" y=\"&#x20;&#10; @(1)\">&#64;(1)</a>", "a(x=@(1),y=#0){@(1)}" },
        { "<a x=\"&#x20;@(\"\")\">&#x20;@(a<b>()) </a>", "a(x=#0){#1}" },
        { "<a x=\"@(1)\" y=\"@(1)\">@(2)</a>", "a(x=#0,y=#0){#1}" },
        // named values: text in literals, C# in expressions
        { "<a x=\"{{n}}{{n}}\">{{n}}</a>", "a(x=valuevalue){value}" },
        { "<a x=\"{{markup}}\">{{markup}}</a>", "a(x=\"/><b x=\"&lt;){\"/><b x=\"&lt;}" },
        { "<a x=\"{{open}}\">{{open}}</a>", "a(x=<!--){<!--}" },
        { "<a x=\"{{expression}}\">{{expression}}</a>", "a(x=#0){#0}" },
        { "<a x=\"{{empty}}@(1)\">{{empty}} {{expression}}</a>", "a(x=#0){#1}" },
        { "<a x=\"{{n}}@(1)\"/>", "a(x=value@(1))" },
        { "<a>{{ n }} {{}} {{n {{n n}} {n} {{{n}}}</a>", "a{{{ n }} {{}} {{n {{n n}} {n} {value}}" },
        { "<a x=\"&#123;{n}}\"/>", "a(x={{n}})" },
        // templates have braces of their own
        { "<set-body template=\"liquid\">{ \"a&amp;b\": \"{{body.id}} {{n}}\" {% if a < b %} <!-- <c> --> }</set-body>", "set-body(template=liquid){{ \"a&b\": \"{{body.id}} value\" {% if a < b %}  }}" },
        { "<set-body template=\"liquid\"><![CDATA[<a>{{body.id}}</a>]]></set-body >", "set-body(template=liquid){<a>{{body.id}}</a>}" },
        { "<a><set-body template=\" liquid\">\r\n<s:b x=\"{{body.x}}\">{% if a < b %}</s:b>{% endif %}&amp;{{n}}<c/></set-body><b/></a>", "a[set-body(template= liquid){\n<s:b x=\"{{body.x}}\">{% if a < b %}</s:b>{% endif %}&amp;value<c/>},b]" },
        { "<set-body template=\"liquid\">x<!-- </set-body> --></set-body>", "set-body(template=liquid){x}" },
        { "<set-body template=\"liquid\"/>", "set-body(template=liquid)" },
    };

    public static TheoryData<string, string> Filled { get; } = new()
    {
        { "@(\"{{n}}\")", "@(\"value\")" },
        { "@(DateTime.UtcNow.AddSeconds({{number}}) <= x && {{number}} < 3)", "@(DateTime.UtcNow.AddSeconds(10) <= x && 10 < 3)" },
        { "@($\"a {{n}} {context.Api.Id} {{{n}}}\")", "@($\"a value {context.Api.Id} {value}\")" },
        { "@(1 // {{lines}}\n)", "@(1 // one\ntwo\n)" },
        { "@{{{statement}}}", "@{return 1;}" },
        { "@({{parenthesis}}", "@((1))" },
        { "{{expression}}", "@(a < \"b\")" },
        { "@({{encoded}})", "@(\"&quot;\")" },
        { "@(\"{{empty}}\")", "@(\"\")" },
    };

    [Theory]
    [MemberData(nameof(Traps))]
    public void Document_WithTrap_IsReadAsMeant(string text, string tree) =>
        Assert.Equal(tree, Write(Documents.ReadCorrect(text, s_values).Root!));

    [Theory]
    [MemberData(nameof(Filled))]
    public void NamedValue_InExpression_StandsThereBeforeCSharpIsRead(string written, string text)
    {
        Assert.Equal(text, Assert.Single(Documents.ReadCorrect($"<a x=\"{written}\"/>", s_values).Expressions).Text);
        Assert.Equal(text, Assert.Single(Documents.ReadCorrect($"<a>\n {written} </a>", s_values).Expressions).Text);
        Assert.Equal(text, Assert.Single(Documents.ReadCorrect($"<a><![CDATA[{written}]]></a>", s_values).Expressions).Text);
    }

    [Theory]
    [InlineData("<a x=\"@({{quote}} + 1)\" y=\"1\"/>")]
    [InlineData("<a x=\"@({{close}})\"/>")]
    [InlineData("<a>@({{close}})</a>")]
    [InlineData("<a><![CDATA[@({{close}})]]></a>")]
    public void NamedValue_ThatEndsAnExpressionEarly_AddsNothing(string text)
    {
        var (reading, findings) = Documents.Read(text, ("quote", "1)\" z=\"2"), ("close", "1)</a><b>@(1"));

        Assert.Null(reading.Root);
        var finding = Assert.Single(findings);
        Assert.Contains("must hold nothing else", finding.Message, StringComparison.Ordinal);
        Assert.Equal(text.IndexOf("{{", StringComparison.Ordinal) + 1, finding.Column);
    }

    [Theory]
    [InlineData("@(context.Request.Method)", false)]
    [InlineData("@(context.Response.StatusCode == 200)", true)]
    [InlineData("@(context.Res\\u0070onse.StatusCode == 200)", true)]
    [InlineData("@(context.LastError != null)", true)]
    [InlineData("@(\"context.Response\" + Responses /* Response */)", false)]
    public void Expression_Words_TellWhetherItSeesWhatBecameOfTheRequest(string expression, bool sees) =>
        Assert.Equal(sees, Documents.ReadCorrect($"<a>{expression}</a>").Root!.Text!.Value.SeesOutcome);

    [Theory]
    [InlineData("@(1)", BodyUse.None)]
    [InlineData("@(context.Request.Method)", BodyUse.None)]
    [InlineData("@(context.Request.Body.As<string>())", BodyUse.Request)]
    [InlineData("@(context.Response . /* */ Body.As<string>())", BodyUse.Response)]
    [InlineData("@(context.Request.Body == context.Response.Body)", BodyUse.Request | BodyUse.Response)]
    [InlineData("@{ var r = context.Request; return r.Body.As<string>(); }", BodyUse.Request)]
    [InlineData("@(((IResponse)context.Variables[\"r\"]).Body.As<JObject>())", BodyUse.None)]
    [InlineData("@(((IResponse)context.Variables[\"r\"]).Body.As<string>() + context.Request.Url.Path + context.Response?.StatusCode)", BodyUse.None)]
    [InlineData("@(((IResponse)context.Variables[\"r\"]).Body.As<string>() + context.Request?.Body.As<string>())", BodyUse.Request)]
    [InlineData("@(context.Response != null && context.Request is not null)", BodyUse.None)]
    [InlineData("@(context.Response is { Body: var b } ? b.As<string>() : null)", BodyUse.Response)]
    [InlineData("@(context is { Request: var r } ? r.Body.As<string>() : null)", BodyUse.Request)]
    [InlineData("@(context.Response)", BodyUse.Response)]
    [InlineData("@{ var all = new { context.Request }; return all.Request.Headers.Count; }", BodyUse.Request)]
    [InlineData("@(new JObject(new JProperty(\"a\", new { Response = 1 }.Response)))", BodyUse.Response)]
    [InlineData("@((context.Request).Body.As<string>())", BodyUse.Request)]
    [InlineData("@(context. // whose\n Request.Body.As<string>())", BodyUse.Request)]
    [InlineData("@(context./* whose */Response.Body.As<string>())", BodyUse.Response)]
    [InlineData("@(context.@Request.Body.As<string>())", BodyUse.Request)]
    [InlineData("@(context.Request.\n  @Body.As<string>())", BodyUse.Request)]
    [InlineData("@(\"context.Request.Body\" + 'B' + @\"Request.Body\")", BodyUse.None)]
    [InlineData("@(1 /* Request.Body */ // Response.Body\n)", BodyUse.None)]
    [InlineData("@($\"Request {context.Response.Body.As<string>()}\")", BodyUse.Response)]
    [InlineData("@($\"{1:Request.Body}\")", BodyUse.None)]
    [InlineData("@(context.Request.AnyBody + Bodyx + body)", BodyUse.None)]
    [InlineData("@(context.Request.@Body)", BodyUse.Request)]
    [InlineData("@(context.Request.\\u0042ody)", BodyUse.All)]
    [InlineData("@(context.Request.Bo\u200Ddy)", BodyUse.All)]
    [InlineData("@(!context.Request.Certificate.Verify())", BodyUse.Revocation)]
    [InlineData("@(context.Request.Certificate.VerifyNoRevocation() ? \"Verify\" : Verify_)", BodyUse.None)]
    [InlineData("@(context.Request.Certificate.Verify() && context.Request.Body.As<string>() == null)", BodyUse.Request | BodyUse.Revocation)]
    [InlineData("@(context.Request.{{body}}.As<string>())", BodyUse.Request)]
    public void Expression_Words_TellWhichBodiesItReads(string expression, BodyUse bodies)
    {
        Assert.Equal(bodies, Documents.ReadCorrect($"<a>{expression}</a>", ("body", "Body")).Root!.Text!.Value.Bodies);
        Assert.Equal(bodies, Documents.ReadCorrect($"<a x=\"{expression}\"/>", ("body", "Body")).Root!.Attribute("x")!.Value.Bodies);
    }

    private static readonly (string Name, string Value)[] s_values =
    [
        ("n", "value"), ("empty", ""), ("number", "10"), ("lines", "one\ntwo"), ("statement", "return 1;"), ("parenthesis", "(1))"),
        ("markup", "\"/><b x=\"&lt;"), ("open", "<!--"), ("expression", "@(a < \"b\")"), ("encoded", "\"&quot;\""),
    ];

    private static string Write(PolicyElement element)
    {
        var attributes = element.Attributes.Count == 0 ? "" : $"({string.Join(',', element.Attributes.Select(a => $"{a.Name}={Write(a.Value)}"))})";
        var text = element.Text is null ? "" : $"{{{Write(element.Text.Value)}}}";
        var children = element.Children.Count == 0 ? "" : $"[{string.Join(',', element.Children.Select(Write))}]";
        return element.Name + attributes + text + children;
    }

    private static string Write(PolicyValue value) => value.Literal ?? $"#{value.Slot}";
}
