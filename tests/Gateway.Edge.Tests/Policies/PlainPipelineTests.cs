using Gateway.Edge.Models;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Pipelines;
using Gateway.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Edge.Tests.Policies;

public sealed class PlainPipelineTests
{
    [Fact]
    public void Headers_and_variables_without_expressions_allocate_nothing()
    {
        var steps = string.Concat(Enumerable.Range(0, 5).Select(i =>
            $"<set-header name=\"X-Header-{i}\" exists-action=\"override\"><value>value {i}</value></set-header><set-variable name=\"v{i}\" value=\"value {i}\" />"));
        var policy = CompiledPolicy.Of($"<policies><inbound>{steps}</inbound><backend /><outbound /><on-error /></policies>");
        var publication = new PublicationHolder();
        var applied = publication.ApplyAsync(new TestPublication { Apis = [TestPublication.Api("a", "http://x") with { Policy = policy.Tree }] }.Build(), CancellationToken.None);
        Assert.True(applied.IsCompletedSuccessfully);
        PolicyPipeline pipeline = publication.Current!.AllApis.Single().Pipeline;
        var scope = new RequestScope(publication.Current, default, null!, null!, null!, NullLogger.Instance) { Http = new DefaultHttpContext() };

        var allocated = Allocations.Of(() => pipeline.ExecuteAsync(scope).GetAwaiter().GetResult());

        Assert.Equal(0, allocated);
        Assert.Equal(("value 4", "value 4"), (scope.Http.Request.Headers["X-Header-4"].ToString(), scope.Variables["v4"]));
    }
}
