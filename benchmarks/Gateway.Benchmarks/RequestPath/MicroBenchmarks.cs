using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Gateway.Benchmarks.Expressions;
using Gateway.Benchmarks.Publishing;

namespace Gateway.Benchmarks.RequestPath;

/// <summary>The parts of the request path that must allocate nothing, one by one.</summary>
internal static class MicroBenchmarks
{
    public static void Run(string[] arguments)
    {
        var configuration = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "micro"));
        BenchmarkSwitcher.FromTypes([typeof(MatcherBenchmark), typeof(CallerBenchmark), typeof(LimitBenchmark), typeof(PolicyBenchmark), typeof(TokenBenchmark), typeof(ChangeBenchmark), typeof(ExpressionBenchmarks)])
            .Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, configuration);
    }
}
