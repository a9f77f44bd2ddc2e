namespace Gateway.Policies.Tests.Expressions;

public sealed class ProgramTests
{
    [Theory]
    [InlineData("@(1 + 1)", 2)]
    [InlineData("@{ var n = 0; for (var i = 0; i < 10; i++) { n += i; } return n; }", 45)]
    [InlineData("@(new[] { 1, 2, 3 }.Where(n => n > 1).Sum())", 5)]
    [InlineData("@(((string)context.Variables[\"name\"]).PadLeft(10).Length)", 10)]
    [InlineData("@(int.Parse(\"12\"))", 12)]
    public void Expression_OfNumbers_HasItsValue(string text, int expected) => Assert.Equal(expected, Programs.Run<int>(text));

    [Theory]
    [InlineData("@(\"a\" + 1 + true)", "a1True")]
    [InlineData("@($\"{context.Variables[\"name\"]} {1,3} {2.5:F1} {{x}}\")", "value   1 2.5 {x}")]
    [InlineData("@(string.Join(\",\", new[] { \"a\", \"b\" }))", "a,b")]
    [InlineData("@(JObject.Parse(\"{ \\\"a\\\": { \\\"b\\\": 1 } }\")[\"a\"][\"b\"].ToString())", "1")]
    [InlineData("@{ var o = new JObject(); o[\"x\"] = 1; o.Add(\"y\", new JArray(1, 2)); return o.ToString(Formatting.None); }", "{\"x\":1,\"y\":[1,2]}")]
    [InlineData("@(new JObject(new JProperty(\"a\", \"b\")).ToString(Newtonsoft.Json.Formatting.None))", "{\"a\":\"b\"}")]
    [InlineData("@(JsonConvert.SerializeObject(new { a = 1, b = new[] { \"x\" } }))", "{\"a\":1,\"b\":[\"x\"]}")]
    [InlineData("@(Regex.Replace(\"a1b2\", \"[0-9]\", \"-\"))", "a-b-")]
    [InlineData("@(true)", "True")]
    [InlineData("@{ var s = \"\"; foreach (var c in \"abc\") { s = c + s; } return s; }", "cba")]
    [InlineData("@{ var s = \"a\"; s += 'b'; s += \"cd\"[0]; return s + 'e' + \"f\" + (char)('f' + 1); }", "abcefg")]
    [InlineData("@('a' + \"b\" + null + 1 + 'c')", "ab1c")]
    [InlineData("@(1.5m)", "1.5")]
    [InlineData("@(((string)null)?.Trim().ToUpper())", null)]
    public void Expression_OfText_HasItsValue(string text, string? expected) => Assert.Equal(expected, Programs.Run<string>(text));

    [Fact]
    public void OneWrongSlot_HidesNothingInOthers()
    {
        var compilation = Programs.Compile("@(1 +)", "@(nothing)", "@(System.IO.File.ReadAllText(\"/etc/passwd\"))", "@(2)");

        Assert.Null(compilation.Image);
        Assert.Equal([0, 2, 3], compilation.Diagnostics.Select(diagnostic => diagnostic.Slot).Distinct().Order());
    }

    [Fact]
    public void EqualTexts_GiveEqualImages() =>
        Assert.Equal(Programs.Compile("@(1)", "@(\"a\" + context.RequestId)").Image, Programs.Compile("@(\"a\" + context.RequestId)", "@(1)").Image);
}
