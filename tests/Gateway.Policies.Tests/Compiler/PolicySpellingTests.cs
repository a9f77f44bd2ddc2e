using System.Xml;
using Gateway.Policies.Tests.Compiler.Reading;
using Gateway.PolicyCompiler;

namespace Gateway.Policies.Tests.Compiler;

/// <summary>A document may be asked for in the other spelling, and comes back as it was.</summary>
public sealed class PolicySpellingTests
{
    /// <summary>As saved raw, and as XML.</summary>
    public static TheoryData<string, string> Spellings { get; } = new()
    {
        { "<p/>", "<p/>" },
        { "<p a=\"@(1 < 2 && x == \"y\")\" />", "<p a=\"@(1 &lt; 2 &amp;&amp; x == &quot;y&quot;)\" />" },
        { "<p a='@(f(\"it''s\") > 1)' />", "<p a='@(f(\"it&apos;&apos;s\") &gt; 1)' />" },
        { "<p>@(a < b ? \"x\" : \"&lt;\")</p>", "<p>@(a &lt; b ? \"x\" : \"&amp;lt;\")</p>" },
        { "<p>@(\"&lt;\")</p>", "<p>@(\"&amp;lt;\")</p>" },
        { "<p>  @(1 > 0)\r\n</p>", "<p>  @(1 &gt; 0)\r\n</p>" },
        { "<p a=\"@{\r\n\treturn 1; }\" />", "<p a=\"@{&#xD;&#xA;&#x9;return 1; }\" />" },
        { "<p>@{\r\n\treturn 1; }</p>", "<p>@{&#xD;\n\treturn 1; }</p>" },
        { "<p a=\"@(1 &lt; 2)\" />", "<p a=\"@(1 &#060; 2)\" />" },
        { "<p a=\"@(1 &#60; 2 &amp;&amp; &#x22;&#034;.Length == 0)\" />", "<p a=\"@(1 &#0060; 2 &#038;&#038; &#x0022;&#00034;.Length == 0)\" />" },
        { "<p><![CDATA[@(1 < 2)]]></p>", "<p><![CDATA[@(1 < 2)]]></p>" },
        { "<p a=\"b & c &amp; d < e\" />", "<p a=\"b &#038; c &amp; d &#060; e\" />" },
        { "<p>b & c &amp; d < e ]]> &#038; &#0060;</p>", "<p>b &#038; c &amp; d &#060; e ]]&#062; &#0038; &#00060;</p>" },
        { "<p><!-- a -- b --- &#045; --></p>", "<p><!-- a -&#045; b -&#045;&#045; &#0045; --></p>" },
        { "<p><!-- a- --></p>", "<p><!-- a- --></p>" },
        { "<set-body template=\"liquid\"><a>{{ body.x }}</a></set-body>", "<set-body template=\"liquid\"><a>{{ body.x }}</a></set-body>" },
        { "<set-body template=\"liquid\">{% if a < b %}<a>&amp;&#038;</set-body>", "<set-body template=\"liquid\">{% if a &#060; b %}&#060;a&#062;&#038;amp;&#038;#038;</set-body>" },
        { "<p a=\"{{host}}\">@(\"{{host}}\" + 1 > 2)</p>", "<p a=\"{{host}}\">@(\"{{host}}\" + 1 &gt; 2)</p>" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void RawDocument_AsXmlAndBack_IsTheSame(string raw, string xml)
    {
        Assert.Equal(xml, PolicySpelling.ToXml(raw, isRaw: true));
        Assert.Equal(raw, PolicySpelling.ToRaw(xml));
        AssertIsXml(xml);
    }

    [Theory]
    [InlineData("<p a=\"@(1 &lt; 2 &amp;&amp; x == &quot;y&quot;)\" />", "<p a=\"@(1 < 2 && x == \"y\")\" />")]
    [InlineData("<p>@(\"&lt;\")</p>", "<p>@(\"<\")</p>")]
    [InlineData("<p>@(\"&amp;lt;\")</p>", "<p>@(\"&lt;\")</p>")]
    [InlineData("<p>a &lt; b</p>", "<p>a &lt; b</p>")]
    [InlineData("<p a=\"&#64;(x)\" />", "<p a=\"&#64;(x)\" />")]
    public void XmlDocument_AsRawAndBack_IsTheSame(string xml, string raw)
    {
        Assert.Equal(raw, PolicySpelling.ToRaw(xml));
        Assert.Equal(xml, PolicySpelling.ToXml(raw, isRaw: true));
        Assert.Equal(xml, PolicySpelling.ToXml(xml, isRaw: false));
    }

    [Theory]
    [InlineData("\uFEFF  <?xml version=\"1.0\"?><p/>", "<?xml version=\"1.0\"?><p/>")]
    [InlineData("\uFEFF\n<p/>", "\n<p/>")]
    [InlineData("# made by a tool\n<?xml version=\"1.0\"?><p/>", "<?xml version=\"1.0\"?><p/>")]
    public void WhatStandsBeforeTheDocument_IsLeftOutOfXml(string raw, string xml) => Assert.Equal(xml, PolicySpelling.ToXml(raw, isRaw: true));

    [Theory]
    [InlineData("<p a=\"@(\" />")]
    [InlineData("no document")]
    public void DocumentThatCannotBeRead_StaysAsItIs(string text)
    {
        Assert.Equal(text, PolicySpelling.ToXml(text, isRaw: true));
        Assert.Equal(text, PolicySpelling.ToRaw(text));
    }

    [Theory]
    [InlineData("<p>@(\"&lt;\" + \"&amp;\")</p>", true, "@(\"&lt;\" + \"&amp;\")")]
    [InlineData("<p>@(\"&lt;\" + \"&amp;\")</p>", false, "@(\"<\" + \"&\")")]
    [InlineData("<p>@(1 &lt; 2 ? \"&lt;\" : \"\")</p>", true, "@(1 < 2 ? \"<\" : \"\")")]
    [InlineData("<p>@(1 /* &lt; */ + 1)</p>", true, "@(1 /* &lt; */ + 1)")]
    [InlineData("<p>@($\"&lt;{(a &amp;&amp; b)}\")</p>", true, "@($\"<{(a && b)}\")")]
    [InlineData("<p a='@(x &amp;&amp; y == \"&gt;\")'/>", true, "@(x && y == \">\")")]
    [InlineData("<p a='@(y == \"&gt;\")'/>", true, "@(y == \"&gt;\")")]
    [InlineData("<p a=\"@(y == \"&gt;\")\"/>", false, "@(y == \"&gt;\")")]
    public void Reference_InAString_IsWhatTheFormatSays(string text, bool isRaw, string expression)
    {
        var reading = PolicyCompiler.Reading.PolicyXmlReader.Read(Reading.Documents.Source(text) with { IsRaw = isRaw }, new());

        Assert.Equal([expression], reading.Expressions.Select(found => found.Text));
    }

    [Fact]
    public void Samples_AsXmlAndBack_AreTheSame()
    {
        foreach (var sample in SampleDocumentTests.All())
        {
            foreach (var raw in new[] { sample, sample.ReplaceLineEndings("\r\n"), sample.ReplaceLineEndings("\r") })
            {
                AssertRoundTrip(raw, raw);
            }
        }
    }

    [CollectedDocumentsFact]
    public void CollectedDocuments_AsXmlAndBack_AreTheSame()
    {
        var broken = Environment.GetEnvironmentVariable(CollectedDocumentsFactAttribute.Broken)?.Split(',') ?? [];
        var files = Directory.GetFiles(Environment.GetEnvironmentVariable(CollectedDocumentsFactAttribute.Folder)!, "*.xml");
        foreach (var file in files.Where(file => !broken.Contains(Path.GetFileName(file))))
        {
            AssertRoundTrip(File.ReadAllText(file), file);
        }
    }

    private static void AssertRoundTrip(string raw, string name)
    {
        var xml = PolicySpelling.ToXml(raw, isRaw: true);
        AssertIsXml(xml);
        var start = xml.StartsWith("<?xml", StringComparison.Ordinal) ? raw.IndexOf("<?xml", StringComparison.Ordinal) : 0;
        Assert.True(raw[start..].Replace("\uFEFF", "", StringComparison.Ordinal) == PolicySpelling.ToRaw(xml).Replace("\uFEFF", "", StringComparison.Ordinal), name);
        Assert.Equal(xml, PolicySpelling.ToXml(xml, isRaw: false));
    }

    private static void AssertIsXml(string xml)
    {
        using var reader = new XmlTextReader(new StringReader(xml)) { Namespaces = false, DtdProcessing = DtdProcessing.Prohibit };
        while (reader.Read())
        {
        }
    }
}
