using BenchmarkDotNet.Attributes;
using Gateway.Edge.Requests;
using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;
using Gateway.PolicyCompiler;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.RequestPath;

/// <summary>A pipeline of ten policies that set headers and variables, without expressions, on a request that is there already.</summary>
public class PolicyBenchmark
{
    private PolicyPipeline _pipeline = null!;
    private RequestScope _request = null!;

    /// <summary>Compiles the document and makes the request.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var inbound = string.Concat(Enumerable.Range(0, 5).Select(i =>
            $"<set-header name=\"X-Header-{i}\" exists-action=\"override\"><value>value {i}</value></set-header><set-variable name=\"variable-{i}\" value=\"value {i}\" />"));
        var compiled = PolicyDocumentCompiler.Compile(new PolicySource
        {
            Text = $"<policies><inbound>{inbound}</inbound><backend /><outbound /><on-error /></policies>",
            Scope = PolicyScope.Global,
        });
        _pipeline = PolicyPipeline.OfGlobal(PolicyDocument.Parse(PolicyTree.Deserialize(compiled.Tree!), PolicyScope.Global));
        _request = new RequestScope(SamplePublication.Build(apis: 1), default, null!, null!, null!, NullLogger.Instance) { Http = new DefaultHttpContext() };
        Run();
        if (_request.Http.Request.Headers["X-Header-4"] != "value 4" || _request.Variables["variable-4"] is not "value 4" || _request.LastError is not null)
        {
            throw new InvalidOperationException("The policies do not do what they should.");
        }
    }

    /// <summary>All ten.</summary>
    [Benchmark]
    public void Run()
    {
        var running = _pipeline.ExecuteAsync(_request);
        if (!running.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The pipeline waits for something.");
        }

        running.GetAwaiter().GetResult();
    }
}
