using BenchmarkDotNet.Attributes;
using Gateway.Edge;
using Gateway.Edge.Backends;
using Gateway.Edge.Requests;
using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;
using Gateway.PolicyCompiler;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.RequestPath;

/// <summary><c>validate-jwt</c> with the <see cref="SampleToken"/>: known, and seen for the first time.</summary>
public class TokenBenchmark
{
    private PolicyPipeline _pipeline = null!;
    private RequestScope _known = null!;
    private RequestScope _new = null!;

    /// <summary>Compiles the document and signs the token.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var (policy, token) = SampleToken.Make();
        var compiled = PolicyDocumentCompiler.Compile(new PolicySource
        {
            Text = $"<policies><inbound>{policy}</inbound><backend /><outbound /><on-error /></policies>",
            Scope = PolicyScope.Global,
        });
        _pipeline = PolicyPipeline.OfGlobal(PolicyDocument.Parse(PolicyTree.Deserialize(compiled.Tree!), PolicyScope.Global));
        (_known, _new) = (Request(token, tokens: 16), Request(token, tokens: 0));
        Known();
        FirstSeen();
    }

    /// <summary>A token that was found good before.</summary>
    [Benchmark]
    public void Known() => Run(_known);

    /// <summary>A token that was not.</summary>
    [Benchmark]
    public void FirstSeen() => Run(_new);

    private static RequestScope Request(string token, int tokens)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Authorization = $"Bearer {token}";
        // Of a host that is never started.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddGatewayEdge(new EdgeOptions { ValidatedTokenLimit = tokens });
        var services = builder.Build().Services;
        return new(
            SamplePublication.Build(apis: 1), default, services.GetRequiredService<BackendForwarder>(), null!, services.GetRequiredService<PolicyServices>(), NullLogger.Instance)
        {
            Http = http,
            Started = TimeProvider.System.GetTimestamp(),
        };
    }

    private void Run(RequestScope request)
    {
        _pipeline.ExecuteAsync(request).AsTask().GetAwaiter().GetResult();
        if (request.LastError is not null || !request.Variables.Remove("jwt"))
        {
            throw new InvalidOperationException("The token is not let pass.");
        }
    }
}
