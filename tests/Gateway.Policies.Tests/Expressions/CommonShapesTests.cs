namespace Gateway.Policies.Tests.Expressions;

/// <summary>What expressions of real documents are made of, most frequent first, over a context of given values.</summary>
public sealed class CommonShapesTests
{
    public static TheoryData<string, string?> Shapes => new()
    {
        { "@((string)context.Variables[\"name\"])", "value" },
        { "@(context.Request.Headers.GetValueOrDefault(\"X-A\",\"none\"))", "1,2" },
        { "@(context.Request.Headers.GetValueOrDefault(\"X-None\",\"none\"))", "none" },
        { "@(context.Variables.GetValueOrDefault<string>(\"name\"))", "value" },
        { "@(context.Variables.GetValueOrDefault<string>(\"nothing\", \"d\"))", "d" },
        { "@(context.Response.StatusCode == 404)", "True" },
        { "@(context.Response != null && (context.Response.StatusCode == 429 || context.Response.StatusCode >= 500))", "False" },
        { "@((string)context.Variables.GetValueOrDefault(\"name\"))", "value" },
        { "@(context.Request.MatchedParameters[\"id\"])", "7" },
        { "@(context.Request.MatchedParameters.GetValueOrDefault(\"id\", \"\"))", "7" },
        { "@(context.Variables.ContainsKey(\"name\"))", "True" },
        { "@(!context.Variables.ContainsKey(\"nothing\"))", "True" },
        { "@(context.Subscription.Id)", "sub" },
        { "@(context.Subscription?.Key ?? \"anonymous\")", "key" },
        { "@(context.Request.OriginalUrl.Path)", "/orders/7" },
        { "@(context.Request.OriginalUrl.ToUri().Host)", "api.example.org" },
        { "@(context.Request.OriginalUrl.Path.Trim('/') + context.Request.OriginalUrl.QueryString)", "orders/7?q=1" },
        { "@(context.Request.OriginalUrl.Path.Contains(\"orders\"))", "True" },
        { "@(context.Api.Id + \"-\" + context.Operation.Id)", "orders-get" },
        { "@(context.Request.Headers.ContainsKey(\"Authorization\"))", "True" },
        { "@(context.Request.Headers[\"X-A\"][1])", "2" },
        { "@(context.Request.Headers[\"Authorization\"].First().Split(' ')[1])", "x" },
        { "@(context.Request.Headers.GetValueOrDefault(\"Authorization\",\"\").Substring(7))", "x" },
        { "@(context.Request.Method.Equals(\"get\", StringComparison.OrdinalIgnoreCase))", "True" },
        { "@(context.Request.Url.Query.GetValueOrDefault(\"q\", \"0\"))", "1" },
        { "@(int.Parse(context.Request.Url.Query.GetValueOrDefault(\"q\", \"0\")) + 1)", "2" },
        { "@(context.Variables.GetValueOrDefault<bool>(\"flag\") ? \"on\" : \"off\")", "on" },
        { "@(context.Variables.GetValueOrDefault<int>(\"count\", 0) < 5)", "True" },
        { "@(((IResponse)context.Variables[\"response\"]).StatusCode == 200)", "True" },
        { "@(((IResponse)context.Variables[\"response\"])?.Body?.As<JObject>()?[\"a\"]?.ToString() ?? \"none\")", "none" },
        { "@(context.RequestId.ToString())", "00000000-0000-0000-0000-000000000001" },
        { "@($\"https://{context.Request.Url.Host}/{context.Api.Path}?id={context.Request.MatchedParameters[\"id\"]}\")", "https://api.example.org/orders?id=7" },
        { "@(string.Format(\"{0}/{1}\", context.Api.Name, context.Deployment.Region))", "Orders/here" },
        { "@(context.LastError.Source + \":\" + context.LastError.Reason + \":\" + context.LastError.Message)", "s:r:m" },
        { "@(string.IsNullOrEmpty((string)context.Variables[\"name\"]))", "False" },
        { "@(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(\"user:password\")))", "dXNlcjpwYXNzd29yZA==" },
        { "@(Encoding.UTF8.GetString(Convert.FromBase64String(\"eA==\")))", "x" },
        { "@(Regex.IsMatch(context.Request.OriginalUrl.Path, @\"^/orders/\\d+$\", RegexOptions.IgnoreCase))", "True" },
        { "@(Regex.IsMatch(context.Request.OriginalUrl.Path, @\"^/o\", RegexOptions.IgnoreCase, TimeSpan.FromMilliseconds(100)))", "True" },
        { "@(Regex.Match(\"a=12;\", \"a=([0-9]+)\").Groups[1].Value)", "12" },
        { "@(new JObject(new JProperty(\"status\", \"ok\"), new JProperty(\"list\", new JArray(1, 2))).ToString(Newtonsoft.Json.Formatting.None))", "{\"status\":\"ok\",\"list\":[1,2]}" },
        { "@{ var o = JObject.Parse(\"{\\\"a\\\":{\\\"b\\\":[1,2]}}\"); return (string)o[\"a\"][\"b\"][1]; }", "2" },
        { "@(JObject.Parse(\"{\\\"a\\\":{\\\"b\\\":5}}\").SelectToken(\"a.b\").Value<int>())", "5" },
        { "@(JArray.Parse(\"[{\\\"n\\\":1},{\\\"n\\\":2}]\").Select(i => (int)i[\"n\"]).Sum())", "3" },
        { "@{ var o = new JObject(); o[\"a\"] = \"b\"; o.Property(\"a\").Remove(); o.Add(\"c\", true); return o.ToString(Formatting.None); }", "{\"c\":true}" },
        { "@(JsonConvert.SerializeObject(new { error = new { code = 404, message = \"x\" } }))", "{\"error\":{\"code\":404,\"message\":\"x\"}}" },
        { "@(JsonConvert.SerializeObject(new[] { 1, 2 }.Select(n => new { n, s = \"x\" }).ToDictionary(i => i.n)))", "{\"1\":{\"n\":1,\"s\":\"x\"},\"2\":{\"n\":2,\"s\":\"x\"}}" },
        { "@(JsonConvert.SerializeObject(new[] { 1 }.Select(n => new { n, t = (n, \"x\") })))", "[{\"n\":1,\"t\":{\"Item1\":1,\"Item2\":\"x\"}}]" },
        { "@(JObject.FromObject(new { a = new[] { new { b = 1 } } }).ToString(Formatting.None))", "{\"a\":[{\"b\":1}]}" },
        { "@(JsonConvert.DeserializeObject<Dictionary<string, string>>(\"{\\\"a\\\":\\\"b\\\"}\")[\"a\"])", "b" },
        { "@(JsonConvert.SerializeObject(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.First()).OrderBy(h => h.Key).First().Value))", "\"Bearer x\"" },
        { "@(DateTime.UtcNow.ToString(\"yyyy\").Length)", "4" },
        { "@(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds())", "1704067200" },
        { "@(DateTime.Parse(\"2024-01-31\").AddMonths(1).Day)", "29" },
        { "@(new DateTime(2024, 1, 2).Subtract(new DateTime(2024, 1, 1)).TotalHours)", "24" },
        { "@(new[] { \"a\", \"b\" }.Contains(\"b\"))", "True" },
        { "@(Array.Exists(new[] { \"a\", \"b\" }, s => s == \"b\"))", "True" },
        { "@(\"a, b ,,c\".Split(new[] { ',' }, StringSplitOptions.RemoveEmptyEntries).Select(s => s.Trim()).Where(s => s.Length > 0).Count())", "3" },
        { "@(Guid.NewGuid().ToString().Length)", "36" },
        { "@(new Random().Next(1, 2))", "1" },
        { "@(System.Net.WebUtility.UrlEncode(\"a b\") + Uri.EscapeDataString(\"a b\"))", "a+ba%20b" },
        { "@{ using (var h = new System.Security.Cryptography.HMACSHA256(Encoding.UTF8.GetBytes(\"k\"))) { return Convert.ToBase64String(h.ComputeHash(Encoding.UTF8.GetBytes(\"d\"))).Length; } }", "44" },
        { "@(BitConverter.ToString(SHA256.Create().ComputeHash(Encoding.UTF8.GetBytes(\"\"))).Replace(\"-\", \"\").ToLowerInvariant().Substring(0, 8))", "e3b0c442" },
        { "@{ try { return JObject.Parse(\"{\").ToString(); } catch (Exception e) { return e.GetHashCode() != 0 ? \"bad\" : e.Message; } }", "bad" },
        { "@{ foreach (var h in context.Request.Headers) { if (h.Key.StartsWith(\"X-\")) { return h.Key; } } return null; }", "X-A" },
        { "@{ switch (context.Request.Method) { case \"GET\": return \"read\"; default: return \"write\"; } }", "read" },
        { "@{ string F(string s) => s.ToUpper(); return F(\"a\"); }", "A" },
        { "@{ var d = new Dictionary<string, string> { { \"a\", \"1\" }, { \"b\", \"2\" } }; return string.Join(\"&\", d.Select(p => p.Key + \"=\" + p.Value)); }", "a=1&b=2" },
        { "@{ var l = new List<int>(); for (int i = 0; i < 3; i++) l.Add(i * i); return l.Last(); }", "4" },
        { "@(context.Variables[\"name\"] is string s && s.Length > 3)", "True" },
        { "@(((string)context.Variables[\"name\"] ?? \"\").Replace(\"v\", \"V\").ToLower())", "value" },
        { "@(XElement.Parse(\"<a><b>1</b></a>\").Element(\"b\").Value)", "1" },
        { "@(new XElement(\"a\", new XAttribute(\"n\", 1), new XElement(\"b\", \"t\")).ToString(SaveOptions.DisableFormatting))", "<a n=\"1\"><b>t</b></a>" },
        { "@(\"Basic dTpw\".AsBasic()?.UserId)", "u" },
        { "@(context.User?.Groups.Select(g => g.Name).FirstOrDefault() ?? \"none\")", "none" },
        { "@((string)null)", null },
        { "@(1 > 0 && true)   ", "True" },
        { "  @{\n  // a comment with ) and \"\n  return /* } */ \"x\";\n}", "x" },
        { "@(\n  context.Api.Name // at the end )\n)", "Orders" },
        { "@(\"a\" + $@\"\\{1}\" + @\"\"\"q\"\"\")", "a\\1\"q\"" },
        { "@((1, \"a\").Item2 + $\"{DateTime.MinValue:yyyy}{5,-3}|{1.5:0.00}\")", "a00015  |1.50" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Shape_HasItsValue(string text, string? expected) => Assert.Equal(expected, Programs.Run<string>(text));

    [Fact]
    public void ShapesTogether_AreOneProgram()
    {
        var program = Programs.Load([.. Shapes.Select(row => (string)row[0])]);

        Assert.NotNull(program.ResultOf(0));
        program.Unload();
    }
}
