namespace Gateway.Policies.Tests.Expressions;

/// <summary>What an expression must not reach: each is refused when it is compiled, at a place in its text.</summary>
public sealed class EscapeTests
{
    public static TheoryData<string> Escapes => [.. All];

    private static IEnumerable<string> All =>
    [
        // Files, processes, the environment
        "@(System.IO.File.ReadAllText(\"/etc/passwd\"))",
        "@(System.IO.Directory.GetFiles(\"/\").Length)",
        "@(new System.IO.FileInfo(\"/etc/passwd\").Length)",
        "@(new System.IO.StreamReader(\"/etc/passwd\").ReadToEnd())",
        "@(Environment.GetEnvironmentVariable(\"PATH\"))",
        "@(Environment.MachineName)",
        "@{ Environment.Exit(1); return 1; }",
        "@{ Environment.FailFast(\"\"); return 1; }",
        "@(System.Diagnostics.Process.Start(\"sh\") != null)",
        "@(System.Diagnostics.Process.GetCurrentProcess().Id)",
        "@{ Console.WriteLine(\"x\"); return 1; }",
        "@(AppContext.BaseDirectory)",
        "@(AppDomain.CurrentDomain.BaseDirectory)",
        "@{ GC.Collect(); return 1; }",
        "@(new[] { \"PATH\" }.Select(Environment.GetEnvironmentVariable).First())",

        // Other threads
        "@(System.Threading.Tasks.Task.Run(() => 1).Result)",
        "@{ new System.Threading.Thread(() => { }).Start(); return 1; }",
        "@{ System.Threading.ThreadPool.QueueUserWorkItem(_ => { }); return 1; }",
        "@(new System.Threading.Timer(_ => { }) != null)",
        "@{ lock (context) { return 1; } }",
        "@{ System.Threading.Monitor.Enter(context); return 1; }",
        "@{ async System.Threading.Tasks.Task<int> F() { await System.Threading.Tasks.Task.Yield(); return 1; } return F(); }",
        "@(new[] { 1 }.AsParallel().Sum())",
        "@(new System.Lazy<int>(() => 1).Value)",

        // The network
        "@(new System.Net.WebClient().DownloadString(\"http://localhost\"))",
        "@(new System.Net.Http.HttpClient() != null)",
        "@(System.Net.Dns.GetHostName())",
        "@(System.Xml.Linq.XDocument.Load(\"/etc/passwd\") != null)",
        "@(XElement.Load(\"http://localhost/\").Value)",
        "@(new System.Xml.XmlDocument() != null)",

        // Reflection
        "@(typeof(string).Assembly.FullName)",
        "@(\"\".GetType().Assembly.FullName)",
        "@(context.GetType().Name)",
        "@(new Func<Type>(\"\".GetType)().Name)",
        "@(Type.GetType(\"System.IO.File\") != null)",
        "@(Activator.CreateInstance<string>())",
        "@(System.Reflection.Assembly.GetExecutingAssembly().FullName)",
        "@(((Func<int>)(() => 1)).DynamicInvoke())",
        "@(((Func<int>)(() => 1)).Method.Name)",
        "@(((Func<int>)(() => 1)).Target != null)",
        "@(new Exception().TargetSite.Name)",
        "@(System.Linq.Expressions.Expression.Constant(1).Value)",
        "@{ System.Linq.Expressions.Expression<Func<int>> e = () => 1; return e.Compile()(); }",
        "@(new[] { 1 }.AsQueryable().Count())",
        "@(Enum.Parse(typeof(DayOfWeek), \"Monday\"))",
        "@(Array.CreateInstance(null, 1).Length)",
        "@(Convert.ChangeType(1, null))",
        "@(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(context))",
        "@(System.Runtime.InteropServices.Marshal.AllocHGlobal(1) != null)",
        "@(new object().GetHashCode() + System.Runtime.CompilerServices.Unsafe.SizeOf<int>())",

        "@(SymmetricAlgorithm.Create())",
        "@(System.Security.Cryptography.CryptoConfig.CreateFromName(\"System.IO.FileInfo\"))",
        "@(new[] { \"AES\" }.Select(SymmetricAlgorithm.Create).First())",
        "@{ var w = new StringWriter(); w.Write(context); return w.ToString(); }",
        "@(System.IO.TextWriter.Synchronized(new StringWriter()))",
        "@(System.IO.TextWriter.Null)",
        "@(new System.IO.StreamWriter(\"/tmp/x\"))",
        "@(JToken.Load(null))",
        "@(RandomNumberGenerator.Create(\"System.IO.FileInfo\"))",

        // The language's back doors
        "@{ dynamic d = 1; return d; }",
        "@{ unsafe { int* p = null; return *p; } }",
        "@{ int* p = null; return 1; }",
        "@{ System.Span<int> s = stackalloc int[100000000]; return s.Length; }",
        "@{ [System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid(); return getpid(); }",
        "@{ extern int F(); return F(); }",
        "@{ again: goto again; }",
        "@{ switch (1) { case 1: goto default; default: return 1; } }",
        "@{ object o = context; return __reftype(__makeref(o)).Name; }",
        "@{ int F(__arglist) { return 1; } return F(__arglist()); }",
        "@(sizeof(int))",
        "@{ System.FormattableString f = $\"{1}\"; return f.Format; }",
        "@(from n in new[] { 1 } select n)",
        "@{ T F<T>() where T : new() { return new T(); } return F<object>(); }",
        "@{ ref readonly int F(in int x) { return ref x; } var n = 1; return F(n); }",
        "@{ try { return 1; } catch (Exception e) when (e.Message.Length > 0) { return 2; } }",
        "@(new int[10, 10].Length)",
        "@{ TypedReference r = default(TypedReference); return 1; }",
        "@{ IntPtr p = IntPtr.Zero; return p.ToString(); }",
        "@(nint.MaxValue)",

        // What takes a compiler for ever
        "@(new[] { 1 }.Sum(a => new[] { 1 }.Sum(b => new[] { 1 }.Sum(c => new[] { 1 }.Sum(d => new[] { 1 }.Sum(e => 1))))))",
        $"@{{ var a0 = (1, 1); {string.Concat(Enumerable.Range(0, 40).Select(n => $"var a{n + 1} = (a{n}, a{n}); "))}return 1; }}",
        $"@{{ var a0 = new {{ x = 1 }}; {string.Concat(Enumerable.Range(0, 40).Select(n => $"var a{n + 1} = new {{ x = a{n}, y = a{n} }}; "))}return 1; }}",
        $"@(new[] {{ 1 }}{string.Concat(Enumerable.Repeat(".GroupBy(x => x)", 40))}.Count())",
        "@{ var a = (1, 1); var b = (a, a); var c = (b, b); var d = (c, c); var e = (d, d); var f = (e, e); var g = (f, f); var h = (g, g); var i = (h, h); return 1; }",
        $"@({new string('(', 5000)}1{new string(')', 5000)})",
        $"@({string.Concat(Enumerable.Repeat("-(", 500))}1{new string(')', 500)})",
        $"@(default({string.Concat(Enumerable.Repeat("List<", 500))}int{new string('>', 500)}))",
        $"@({string.Join(" + ", Enumerable.Repeat("context.Api.Id", 2000))})",

        // Out of the method
        "@(1; } } class X { static int Y() { return 2)",
        "@(1) } public static int Z = 1; { return (1)",
        "@{ return 1; } } public class X { static X() { } }",
        "@{ return 1; } static int field = 1; {}",
        "@{ static int field = 1; return field; }",
        "@{ class X { } return 1; }",
        "@{ using System.IO; return 1; }",
        "@{\n#line 1 \"x\"\nreturn 1; }",
        "@{\n#if true\nreturn 1;\n#endif\n}",
        "@{\n#pragma checksum \"x\" \"{00000000-0000-0000-0000-000000000000}\" \"00\"\nreturn 1; }",
        "@{\n#r \"System.IO\"\nreturn 1; }",
        "@(__S0(context))",
        "@(S0(context))",
        "@(__Expressions.__S0(context))",
        "@(Expressions.S0(context))",
        "@(\\u005f\\u005fS0(context))",
        "@(@__S0(context))",
        "@(global::System.IO.File.Exists(\"/\"))",
        "@(System.IO.Fi\\u006ce.Exists(\"/\"))",

        // The runtime of expressions
        "@{ Gateway.Policies.Expressions.Runtime.Budget.Charge(); return 1; }",
        "@(Gateway.Policies.Expressions.Runtime.ChargedString.New('x', 1))",
        "@(\"\".Made())",
        "@(\"x\".ChargedPadLeft(4))",
        "@(new Gateway.Policies.Expressions.Budgets.ExpressionLimits().Steps)",
        "@(Gateway.Policies.Expressions.ExpressionAbi.Current)",
        "@(new Gateway.Policies.Execution.BackendTarget() != null)",
        "@(new Gateway.Policies.Expressions.Context.ExpressionContext() != null)",

        // Libraries that are allowed in part
        "@(JsonConvert.DeserializeObject(\"{}\", new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.All }))",
        "@(JsonConvert.DeserializeObject<System.IO.FileInfo>(\"\\\"/etc/passwd\\\"\"))",
        "@(JsonConvert.DeserializeObject<X509Certificate2>(\"\\\"/etc/passwd\\\"\"))",
        "@(JsonConvert.DeserializeObject<List<Regex>>(\"[]\"))",
        "@(JObject.Parse(\"{}\").ToObject<Exception>())",
        "@{ JsonConvert.DefaultSettings = null; return 1; }",
        "@(new JsonSerializer() != null)",
        "@(new JTokenReader(null) != null)",
        "@(new X509Certificate2(\"/etc/passwd\").Subject)",
        "@(context.Deployment.Certificates[\"a\"].Export(X509ContentType.Pfx))",
        "@(new X509Chain() != null)",
        "@(new Regex(\"a\", RegexOptions.None, Regex.InfiniteMatchTimeout).IsMatch(\"a\"))",
        "@{ Regex.CacheSize = 1000000; return 1; }",
        "@{ Encoding.RegisterProvider(null); return 1; }",
        "@{ System.Globalization.CultureInfo.CurrentCulture = null; return 1; }",
        "@{ System.Globalization.CultureInfo.DefaultThreadCurrentCulture = null; return 1; }",
        "@(string.Intern(\"x\"))",
        "@(new Rfc2898DeriveBytes(\"x\", new byte[8], 100000000).GetBytes(8).Length)",
        "@(Rfc2898DeriveBytes.Pbkdf2(\"x\", new byte[8], 1000000000, HashAlgorithmName.SHA256, 32))",
        "@(RSA.Create(65536).KeySize)",
        "@{ var r = RSA.Create(); r.KeySize = 65536; return r.KeySize; }",
        "@(RandomNumberGenerator.GetBytes(1000000000).Length)",
        "@(System.Numerics.BigInteger.Pow(10, 100000000))",
        "@{ var d = (Action)(() => { }); d += d; return 1; }",
        "@(new[] { \"a\" }.Select(s => s).ToList().AsReadOnly().GetType().Name)",
        "@{ context.Variables = null; return 1; }",
        "@{ ((Dictionary<string, object>)context.Variables).GetType(); return 1; }",
        "@(new[] { 5 }.Select(\"x\".PadLeft).First())",
        "@(new Func<int, string>(\"x\".PadLeft)(1000000000))",
        "@(string.Create(5, 1, null))",
        "@(TimeZoneInfo.GetSystemTimeZones().Count)",
        "@{ TimeZoneInfo.ClearCachedData(); return 1; }",
        "@(Random.Shared.Next())",
        "@(XDocument.Parse(\"<a/>\").CreateReader().ReadOuterXml())",
        "@{ XElement.Parse(\"<a/>\").Save(\"/tmp/x\"); return 1; }",
        "@(Uri.UriSchemeFile.GetType().Name)",
    ];

    [Theory]
    [MemberData(nameof(Escapes))]
    public void Escape_IsRefused_AtAPlaceInItsText(string text)
    {
        var compilation = Programs.Compile(text);

        Assert.Null(compilation.Image);
        Assert.NotEmpty(compilation.Diagnostics);
        Assert.All(compilation.Diagnostics, diagnostic => Assert.InRange(diagnostic.Offset, 0, text.Length));
        Assert.Contains(compilation.Diagnostics, diagnostic => diagnostic.Offset > 0);
    }

    [Fact]
    public void EscapesTogether_AreEachRefused()
    {
        string[] texts = [.. All];
        var compilation = Programs.Compile([.. texts, "@(1)"]);

        Assert.Equal(texts.Distinct().Count(), compilation.Diagnostics.Select(diagnostic => diagnostic.Slot).Distinct().Count());
    }

    [Theory]
    [InlineData("@(DateTime.Now.Year > 2000)")]
    [InlineData("@(nameof(System.IO.File) == \"File\")")]
    [InlineData("@(default(string) == null)")]
    public void Harmless_IsTrue(string text) => Assert.True(Programs.Run<bool>(text));
}
