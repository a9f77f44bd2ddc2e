using BenchmarkDotNet.Attributes;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Budgets;
using Gateway.Policies.Expressions.Programs;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Benchmarks.Expressions;

/// <summary>A call of a compiled expression on its budget, beside a plain delegate of the same text.</summary>
public class ExpressionBenchmarks
{
    private static readonly string[] _texts =
    [
        "@((string)context.Variables[\"name\"])",
        "@(\"a\" + (string)context.Variables[\"name\"] + \"b\")",
        "@{ var n = 0; for (var i = 0; i < 100; i++) { n += i; } return n; }",
    ];

    private readonly IExpressionContext _context = new VariablesContext();
    private readonly ExpressionLimits _limits = new() { Steps = long.MaxValue / 1024, AllocatedBytes = long.MaxValue / 2, Time = TimeSpan.FromDays(1) };
    private ExpressionBudget _budget = null!;
    private Func<IExpressionContext, string> _read = null!;
    private Func<IExpressionContext, string> _join = null!;
    private Func<IExpressionContext, int> _loop = null!;
    private Func<IExpressionContext, string> _plainRead = null!;
    private Func<IExpressionContext, string> _plainJoin = null!;
    private Func<IExpressionContext, int> _plainLoop = null!;

    [GlobalSetup]
    public void Load()
    {
        var source = new ProgramSource(_texts);
        var program = ExpressionProgram.Load("benchmark", ProgramCompiler.Compile(source, ExpressionApi.Current, CancellationToken.None).Image);
        _read = program.Bind<string>(source[_texts[0]]);
        _join = program.Bind<string>(source[_texts[1]]);
        _loop = program.Bind<int>(source[_texts[2]]);
        _plainRead = context => (string)context.Variables["name"];
        _plainJoin = context => "a" + (string)context.Variables["name"] + "b";
        _plainLoop = context =>
        {
            var n = 0;
            for (var i = 0; i < 100; i++)
            {
                n += i;
            }

            return n;
        };
        _budget = new ExpressionBudget(_limits);
    }

    [Benchmark]
    public string ReadPlain() => _plainRead(_context);

    [Benchmark]
    public string Read() => ExpressionCall.Run(_read, _context, _budget, "benchmark");

    [Benchmark]
    public string JoinPlain() => _plainJoin(_context);

    [Benchmark]
    public string Join() => ExpressionCall.Run(_join, _context, _budget, "benchmark");

    [Benchmark]
    public int LoopOfHundredPlain() => _plainLoop(_context);

    [Benchmark]
    public int LoopOfHundred() => ExpressionCall.Run(_loop, _context, _budget, "benchmark");
}
