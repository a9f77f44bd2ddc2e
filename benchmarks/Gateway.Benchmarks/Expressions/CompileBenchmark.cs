using System.Diagnostics;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Benchmarks.Expressions;

/// <summary>What compiling 2,000 different expressions of 1,000 documents costs a silo, once more as the programs of their APIs, and one more document when it is warm.</summary>
internal static class CompileBenchmark
{
    private const int Documents = 1000;
    private const int Changes = 100;

    private static readonly string[] _shapes =
    [
        "@(context.Request.Headers.GetValueOrDefault(\"X-N\", \"a\") == \"a\")",
        "@((string)context.Variables[\"vN\"])",
        "@(context.Request.OriginalUrl.Path.Contains(\"/N\") && context.Response.StatusCode == 200)",
        "@($\"https://{context.Request.Url.Host}/N/{context.Api.Id}?k={context.Subscription?.Id}\")",
        "@(new JObject(new JProperty(\"code\", N), new JProperty(\"message\", context.LastError.Message)).ToString())",
        "@{ var body = context.Request.Body.As<JObject>(true); return (string)body[\"a\"]?[\"bN\"] ?? \"none\"; }",
        "@(context.Request.Url.Query.Where(q => q.Key != \"kN\").Select(q => q.Key + \"=\" + string.Join(\",\", q.Value)).FirstOrDefault())",
        "@(Regex.IsMatch(context.Request.OriginalUrl.Path, \"^/N/[0-9]+$\", RegexOptions.IgnoreCase))",
        "@{ int n; if (!int.TryParse(context.Request.Headers.GetValueOrDefault(\"X-Page\", \"N\"), out n)) { return 1; } return n + N; }",
        "@(context.Variables.GetValueOrDefault<int>(\"countN\", 0) < N)",
    ];

    public static void Run(CancellationToken cancellation)
    {
        var documents = Enumerable.Range(0, Documents).Select(document => new ProgramSource([Text(2 * document), Text((2 * document) + 1)])).ToList();
        Measure("first document of the process", 1, () => Compile(documents[0], cancellation));
        Measure($"{Documents} documents one by one", Documents, () => documents.ForEach(document => Compile(document, cancellation)));
        Measure("the same, checked before, as programs of 20 documents", Documents / 20, () =>
        {
            foreach (var api in documents.Chunk(20))
            {
                Compile(new ProgramSource(api.SelectMany(document => document.Slots)), cancellation);
            }
        });
        var changes = Enumerable.Range(0, Changes).Select(change =>
        {
            var started = Stopwatch.GetTimestamp();
            Compile(new ProgramSource([Text((2 * Documents) + (2 * change)), Text((2 * Documents) + (2 * change) + 1)]), cancellation);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }).Order().ToList();
        Console.WriteLine($"one changed document, warm: median {changes[Changes / 2]:F1} ms, 99th of 100 {changes[Changes - 2]:F1} ms");
        Console.WriteLine($"memory: {Environment.WorkingSet >> 20} MB");
    }

    private static string Text(int n) => _shapes[n % _shapes.Length].Replace("N", n.ToString(), StringComparison.Ordinal);

    private static void Compile(ProgramSource source, CancellationToken cancellation)
    {
        var compilation = ProgramCompiler.Compile(source, ExpressionApi.Current, cancellation);
        if (compilation.Image is null)
        {
            throw new InvalidOperationException(compilation.Diagnostics[0].Message);
        }
    }

    private static void Measure(string what, int count, Action action)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, started) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        action();
        process.Refresh();
        var (spent, passed) = (process.TotalProcessorTime - cpu, Stopwatch.GetElapsedTime(started));
        Console.WriteLine($"{what}: {spent.TotalSeconds:F2} s CPU, {passed.TotalSeconds:F2} s, {spent.TotalMilliseconds / count:F1} ms CPU each");
    }
}
