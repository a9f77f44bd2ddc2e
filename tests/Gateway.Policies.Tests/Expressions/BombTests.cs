using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Budgets;
using Gateway.Testing;

namespace Gateway.Policies.Tests.Expressions;

/// <summary>What an expression must not use up: each is stopped soon, and the process lives.</summary>
public sealed class BombTests
{
    private const string Words = "var s = \"0123456789\"; ";

    public static TheoryData<string, string> Bombs => new()
    {
        { "while", "while (true) { }" },
        { "for", "for (;;) { }" },
        { "do", "do { } while (true);" },
        { "while without braces", "var n = 0; while (n >= 0) n = 1;" },
        { "foreach", "foreach (var n in Enumerable.Repeat(1, int.MaxValue)) { foreach (var m in Enumerable.Repeat(1, int.MaxValue)) { } }" },
        { "swallowed inside", "for (;;) { try { while (true) { } } catch { ; } }" },
        { "swallowed around", "try { while (true) { } } catch (Exception) { return 1; }" },
        { "swallowed in finally", "try { while (true) { } } finally { while (true) { } }" },
        { "swallowed many times", "for (;;) { try { try { while (true) { } } catch { for (;;) { } } } catch { continue; } }" },
        { "exceptions in a loop", "for (;;) { try { throw new Exception(\"x\"); } catch { ; } }" },
        { "local function", "int F(int n) { return F(n + 1); } return F(0);" },
        { "local function with a body of one expression", "int F(int n) => F(n + 1); return F(0);" },
        { "swallowed recursion", "int F(int n) { try { return F(n + 1); } catch { return F(n + 1); } } return F(0);" },
        { "two local functions", "int F(int n) { return G(n); } int G(int n) { return F(n) + F(n); } return F(0);" },
        { "lambda", "Func<int, int> f = null; f = n => f(n + 1); return f(0);" },
        { "lambda of many arms", "Func<int, int> f = null; f = n => n == 0 ? 1 : f(n - 1) + f(n - 1) + f(n - 1); return f(60);" },
        { "action", "Action f = null; f = () => f(); f();" },
        { "anonymous method", "Action f = null; f = delegate { f(); }; f();" },
        { "recursion that throws from its catch clause", "int F(int n) { try { return F(n + 1); } catch { throw new Exception(\"x\"); } } return F(0);" },
        { "recursion that throws from its finally", "int F(int n) { try { return F(n + 1); } finally { string s = null; n = s.Length; } } return F(0);" },
        { "recursion in finally", "int F(int n) { try { return F(n + 1); } finally { F(n + 1); } } return F(0);" },
        { "iterator", "IEnumerable<int> F() { while (true) { yield return 1; } } return F().Count();" },
        { "iterator of itself", "IEnumerable<int> F() { foreach (var n in F()) { yield return n; } } return F().Count();" },
        { "s += s", Words + "for (;;) { s += s; }" },
        { "s + s in a row", Words + string.Concat(Enumerable.Repeat("s += s; ", 40)) + "return s.Length;" },
        { "s + s in one expression", "var s = new string('x', 1000000); return (" + string.Join(" + ", Enumerable.Repeat("s", 3000)) + ").Length;" },
        { "s in holes", "var s = new string('x', 1000000); return $\"" + string.Concat(Enumerable.Repeat("{s}", 3000)) + "\".Length;" },
        { "pairs in holes", "var p = new KeyValuePair<string, string>(new string('x', 1000000), null); return $\"" + string.Concat(Enumerable.Repeat("{p}", 3000)) + "\".Length;" },
        { "patterns that double", Words + "return " + string.Join(" && ", Enumerable.Range(0, 34).Select(n => $"({(n == 0 ? "s" : $"s{n - 1}")} + {(n == 0 ? "s" : $"s{n - 1}")}) is string s{n}")) + ";" },
        { "writer", "var w = new StringWriter(); for (;;) { w.Write(\"0123456789\"); }" },
        { "writer in a row", "var s = new string('x', 1000000); var w = new StringWriter(); " + string.Concat(Enumerable.Repeat("w.Write(s); ", 200)) + "return 1;" },
        { "raw JSON in raw JSON", "object o = \"1\"; for (;;) { o = new JRaw(o).ToString(); }" },
        { "merged deeper and deeper", "var o = new JObject(); var at = o; for (;;) { at.Merge(JObject.Parse(\"{\\\"a\\\":{}}\")); at = (JObject)at[\"a\"]; }" },
        { "merged endlessly", "new JArray().Merge(Enumerable.Repeat(1, int.MaxValue)); return 1;" },
        { "array made longer", "var a = new int[1]; Array.Resize(ref a, 500000000); return a.Length;" },
        { "new string", "return new string('x', 1000000000).Length;" },
        { "new array", "return new int[int.MaxValue / 4].Length;" },
        { "arrays in a loop", "var l = new List<object>(); for (;;) { l.Add(new long[1000]); }" },
        { "arrays of arrays", "return new int[500000000][].Length;" },
        { "Repeat to an array", "return Enumerable.Repeat(1, 400000000).ToArray().Length;" },
        { "Range to a list", "return Enumerable.Range(0, int.MaxValue).ToList().Count;" },
        { "Range counted twice", "return Enumerable.Range(0, int.MaxValue).SelectMany(n => Enumerable.Range(0, int.MaxValue)).LongCount();" },
        { "Repeat reversed", "return Enumerable.Repeat(1, int.MaxValue).Reverse().First();" },
        { "Concat of itself", "var l = Enumerable.Repeat(1, 10); for (var i = 0; i < 40; i++) { l = l.Concat(l); } return l.Count();" },
        { "Concat nested", "var l = Enumerable.Repeat(1, 1); for (var i = 0; i < 1000000; i++) { l = l.Concat(l); } return l.Count();" },
        { "Select nested", "var l = Enumerable.Repeat(1, 1); for (var i = 0; i < 1000000; i++) { l = l.Select(n => n); } return l.Count();" },
        { "OrderBy nested", "var l = Enumerable.Repeat(1, 1).OrderBy(n => n); for (var i = 0; i < 1000000; i++) { l = l.OrderBy(n => n); } return l.Count();" },
        { "ThenBy nested", "var l = Enumerable.Repeat(1, 2).OrderBy(n => n); for (var i = 0; i < 1000000; i++) { l = l.ThenBy(n => n); } return l.First();" },
        { "PadLeft", "return \"\".PadLeft(int.MaxValue / 4).Length;" },
        { "PadRight through ?.", "string s = \"\"; return s?.PadRight(1000000000)?.Length;" },
        { "StringBuilder", "var b = new StringBuilder(); for (;;) { b.Append(\"0123456789\"); }" },
        { "StringBuilder of one step", "return new StringBuilder().Append('x', 2000000000).Length;" },
        { "StringBuilder by length", "var b = new StringBuilder(); b.Length = 1000000000; return b.Length;" },
        { "StringBuilder by capacity", "return new StringBuilder(1000000000).Length;" },
        { "StringBuilder replaces", "var b = new StringBuilder(new string('x', 100000)); b.Replace(\"x\", new string('y', 100000)); return b.Length;" },
        { "StringBuilder inserts", "return new StringBuilder().Insert(0, \"0123456789\", 200000000).Length;" },
        { "StringBuilder formats", "return new StringBuilder().AppendFormat(\"{0,900000000}\", 1).Length;" },
        { "Replace grows", "return new string('x', 100000).Replace(\"x\", new string('y', 100000)).Length;" },
        { "Replace grows step by step", Words + "for (;;) { s = s.Replace(\"0\", \"00\"); }" },
        { "Join", "return string.Join(new string('x', 1000000), Enumerable.Repeat(\"\", 1000000)).Length;" },
        { "Concat", "var s = new string('x', 1000000); return string.Concat(Enumerable.Repeat(s, 1000000)).Length;" },
        { "Concat of an array", "var s = new string('x', 1000000); return string.Concat(Enumerable.Repeat(s, 10000).ToArray()).Length;" },
        { "Format", "var s = new string('x', 1000000); return string.Format(string.Concat(Enumerable.Repeat(\"{0}\", 10000)), s).Length;" },
        { "precision", "return 1.ToString(\"D999999999\").Length;" },
        { "precision in a hole", "return $\"{1:D999999999}\".Length;" },
        { "width", "return string.Format(\"{0,999999999}\", 1).Length;" },
        { "list capacity", "return new List<int>(500000000).Count;" },
        { "dictionary capacity", "return new Dictionary<int, int>(100000000).Count;" },
        { "list of itself", "var l = new List<int> { 1 }; for (;;) { l.AddRange(l); }" },
        { "Insert", Words + "for (;;) { s = s.Insert(0, s); }" },
        { "Split", "var s = new string(',', 4000000); for (;;) { s.Split(','); }" },
        { "long work in few steps", "var s = new string('x', 8000000); var n = 0; for (;;) { n += s.IndexOf(\"xy\", StringComparison.OrdinalIgnoreCase); }" },
        { "long sums in few steps", "var a = new int[4000000]; for (;;) { a.Sum(); Array.Sort(a); Array.Reverse(a); }" },
        { "catastrophic regex", "return Regex.IsMatch(new string('a', 40) + \"!\", \"^(a+)+$\");" },
        { "catastrophic regex, swallowed", "for (;;) { try { Regex.IsMatch(new string('a', 40) + \"!\", \"^(a+)+$\"); } catch { ; } }" },
        { "catastrophic regex with a time of its own", "return new Regex(\"^(a+)+$\", RegexOptions.None, TimeSpan.FromMilliseconds(-1)).Match(new string('a', 40) + \"!\").Success;" },
        { "matches without end", "return Regex.Matches(new string('a', 8000000), \"\").Count;" },
        { "regex replaces and grows", "return Regex.Replace(new string('a', 10000), \"a\", new string('b', 100000)).Length;" },
        { "result of a match", "var s = new string('a', 100000); return Regex.Match(s, \"a+\").Result(string.Concat(Enumerable.Repeat(\"$0\", 10000))).Length;" },
        { "JSON nested in text", "return JObject.Parse(string.Concat(Enumerable.Repeat(\"{\\\"a\\\":\", 1000000))).Count;" },
        { "arrays nested in text", "return JArray.Parse(new string('[', 1000000)).Count;" },
        { "JSON of many", "return JArray.Parse(\"[\" + string.Concat(Enumerable.Repeat(\"{},\", 3000000)) + \"1]\").Count;" },
        { "JSON nested by constructors", "JToken j = new JObject(); for (var i = 0; i < 1000000; i++) { j = new JObject(new JProperty(\"a\", j)); } return j.ToString().Length;" },
        { "JSON nested by arrays", "JToken j = new JArray(); for (var i = 0; i < 1000000; i++) { j = new JArray(j); } return j.ToString().Length;" },
        { "JSON nested by index", "var j = new JObject(); for (var i = 0; i < 1000000; i++) { var n = new JObject(); n[\"a\"] = j; j = n; } return j.ToString().Length;" },
        { "JSON nested by initialiser", "var j = new JObject(); for (var i = 0; i < 1000000; i++) { j = new JObject { [\"a\"] = j }; } return j.ToString().Length;" },
        { "JSON nested by collection", "JToken j = new JArray(); for (var i = 0; i < 1000000; i++) { j = new JArray { j }; } return j.ToString().Length;" },
        { "JSON nested by Add", "var j = new JArray(); for (var i = 0; i < 1000000; i++) { var n = new JArray(); n.Add(j); j = n; } return j.ToString().Length;" },
        { "JSON nested downwards", "var r = new JObject(); var j = r; for (var i = 0; i < 1000000; i++) { var n = new JObject(); j[\"a\"] = n; j = n; } return r.ToString().Length;" },
        { "JSON in itself", "var j = new JObject(); for (var i = 0; i < 1000000; i++) { j[\"a\"] = j; j[\"b\"] = j; } return j.ToString().Length;" },
        { "JSON by value of a property", "var p = new JProperty(\"a\", 1); for (var i = 0; i < 1000000; i++) { var n = new JProperty(\"a\", 1); n.Value = new JObject(p); p = n; } return p.ToString().Length;" },
        { "objects nested and written", "object o = null; for (var i = 0; i < 1000000; i++) { o = new object[] { o }; } return JsonConvert.SerializeObject(o).Length;" },
        { "objects nested and turned into JSON", "object o = null; for (var i = 0; i < 1000000; i++) { o = new object[] { o }; } return JArray.FromObject(o).Count;" },
        { "JSON of nested arrays", "object o = null; for (var i = 0; i < 1000000; i++) { o = new object[] { o }; } return new JArray(o).Count;" },
        { "JSON of nested lists", "object o = null; for (var i = 0; i < 1000000; i++) { o = new List<object> { o }; } return new JArray { o }.Count;" },
        { "JSON with nested lists added", "object o = null; for (var i = 0; i < 1000000; i++) { o = new List<object> { o }; } var j = new JArray(); j.Add(o); return j.Count;" },
        { "XML of nested arrays", "object o = null; for (var i = 0; i < 1000000; i++) { o = new object[] { o }; } return new XElement(\"a\", o).ToString().Length;" },
        { "paths with a catastrophic regex", "var j = JObject.Parse(\"{ \\\"a\\\": [ { \\\"b\\\": \\\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\\\" } ] }\"); for (;;) { j.SelectToken(\"$.a[?(@.b =~ /^(a+)+$/)]\"); }" },
        { "paths through everything", "var j = new JArray(Enumerable.Range(0, 10000)); return j.SelectTokens(\"$..*..*..*..*..*\").Count();" },
        { "tuples nested", "object o = null; for (var i = 0; i < 1000000; i++) { o = Tuple.Create(o); } return o.ToString().Length;" },
        { "tuples nested and hashed", "object o = null; for (var i = 0; i < 1000000; i++) { o = Tuple.Create(o); } return o.GetHashCode();" },
        { "value tuples nested", "object o = null; for (var i = 0; i < 1000000; i++) { o = (o, 1); } return o.ToString().Length;" },
        { "anonymous objects nested", "object o = null; for (var i = 0; i < 1000000; i++) { o = new { o }; } return o.ToString().Length;" },
        { "pairs nested", "object o = null; for (var i = 0; i < 1000000; i++) { o = new KeyValuePair<string, object>(\"a\", o); } return o.ToString().Length;" },
        { "exceptions nested", "Exception e = null; for (var i = 0; i < 1000000; i++) { e = new Exception(\"x\", e); } return e.ToString().Length;" },
        { "XML nested in text", "return XElement.Parse(string.Concat(Enumerable.Repeat(\"<a>\", 100000)) + string.Concat(Enumerable.Repeat(\"</a>\", 100000))).ToString().Length;" },
        { "XML nested by constructors", "var x = new XElement(\"a\"); for (var i = 0; i < 100000; i++) { x = new XElement(\"a\", x); } return new XElement(x).ToString().Length;" },
        { "XML nested by Add", "var x = new XElement(\"a\"); for (var i = 0; i < 100000; i++) { var n = new XElement(\"a\"); n.Add(x); x = n; } return new XElement(x).ToString().Length;" },
        { "XML entities", "return XElement.Parse(\"<!DOCTYPE a [<!ENTITY b '0123456789'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>\").Value.Length;" },
        { "hashes", "var b = new byte[16000000]; for (;;) { SHA512.Create().ComputeHash(b); }" },
        { "signatures", "for (;;) { RSA.Create().SignData(new byte[1], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1); }" },
        { "base64", "var b = new byte[20000000]; for (;;) { Convert.ToBase64String(b); }" },
        { "sorts that never agree", "var a = Enumerable.Range(0, 1000000).ToList(); var r = new Random(); a.Sort((x, y) => r.Next(3) - 1); a.Sort((x, y) => 1); return 1;" },
        { "groups", "return Enumerable.Range(0, int.MaxValue).GroupBy(n => n).Count();" },
        { "joins", "var l = Enumerable.Repeat(1, 100000); return l.Join(l, n => n, n => n, (n, m) => n).Count();" },
        { "time zones", "return TimeZoneInfo.FindSystemTimeZoneById(\"../../../etc/passwd\").Id;" },
    };

    private static readonly string[] _refused =
    [
        "tuples nested", "tuples nested and hashed", "value tuples nested", "anonymous objects nested", "pairs nested", "exceptions nested", "s + s in one expression",
        "recursion in finally", "recursion that throws from its finally",
    ];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Bomb_IsStopped_OrRefused(string what, string block)
    {
        var text = $"@{{ {block} return 0; }}";
        var compilation = Programs.Compile(text);
        if (compilation.Diagnostics.Count > 0)
        {
            // Refused when it is compiled: as good, but only for what can be known then.
            Assert.Matches("may not be used|nested too deeply", compilation.Diagnostics[0].Message);
            Assert.Contains(what, _refused);
            return;
        }

        var (before, spent) = (GC.GetAllocatedBytesForCurrentThread(), ProcessorTime.Start());
        var error = Assert.Throws<PolicyException>(() => Programs.Run<object>(text));

        Assert.Equal((500, "ExpressionValueEvaluationFailure"), (error.StatusCode, error.Error.Reason));
        spent.AssertAtMost(30);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 6 * ExpressionLimits.Default.AllocatedBytes);
    }
}
