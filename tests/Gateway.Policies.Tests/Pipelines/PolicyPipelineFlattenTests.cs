using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Policies.Transformation;
using Gateway.Policies.Tests.Fakes;

namespace Gateway.Policies.Tests.Pipelines;

/// <summary>
/// A document is written as its steps, <c>b</c> being base: <c>1b2</c> sets header 1, then inherits, then sets header 2. Empty: a section
/// without steps; <c>-</c>: a document without that section; null: no document.
/// </summary>
public sealed class PolicyPipelineFlattenTests
{
    [Theory]
    [InlineData(null, null, null, null, "")]
    [InlineData("g", null, null, null, "g")]
    [InlineData("g", "pb", null, null, "pg")]
    [InlineData("g", "bp", "ba", "bo", "gpao")]
    [InlineData("g", "pb", "ab", "ob", "oapg")]
    [InlineData("g", "1b2", "3b4", "5b6", "531g246")]
    [InlineData("g", "p", "ba", "bo", "pao")]
    [InlineData("g", "bp", "a", "bo", "ao")]
    [InlineData("g", "bp", "ba", "o", "o")]
    [InlineData("g", "bp", "ba", "", "")]
    [InlineData("g", "", "ba", "b", "a")]
    [InlineData("g", "b", "b", "b", "g")]
    [InlineData("g", "-", "-", "-", "g")]
    [InlineData("g", "bp", "-", "bo", "gpo")]
    [InlineData("g", null, "ba", null, "ga")]
    [InlineData("1b2", "bp", null, null, "12p")]
    [InlineData("b", "bp", null, null, "p")]
    [InlineData("-", "bp", null, null, "p")]
    public void Flatten_Documents_FollowsBase(string? global, string? product, string? api, string? operation, string steps)
    {
        foreach (var section in new[] { PolicySection.Inbound, PolicySection.Outbound, PolicySection.OnError })
        {
            var pipeline = Compiled.Pipeline(Text(global, section), Text(product, section), Text(api, section), Text(operation, section));

            Assert.Equal(steps, string.Concat(pipeline[section].Select(step => ((SetHeaderPolicy)step.Policy).Name.Literal)));
        }
    }

    [Fact]
    public void Flatten_NoDocuments_Forwards() => Assert.Equal("forward-request", Backend(Compiled.Pipeline()));

    [Theory]
    [InlineData("<policies />", "forward-request")]
    [InlineData("<policies><inbound /></policies>", "forward-request")]
    [InlineData("<policies><backend /></policies>", "")]
    [InlineData("<policies><backend><base /></backend></policies>", "")]
    [InlineData("<policies><backend><forward-request /><set-header name=\"a\" exists-action=\"delete\"/></backend></policies>", "forward-request,set-header")]
    public void Flatten_GlobalDocument_ForwardsWhenItSaysSoOrHasNoBackendSection(string global, string steps) =>
        Assert.Equal(steps, Backend(Compiled.Pipeline(global)));

    [Theory]
    [InlineData("<policies />", "forward-request")]
    [InlineData("<policies><backend /></policies>", "")]
    [InlineData("<policies><backend><base /></backend></policies>", "forward-request")]
    [InlineData("<policies><backend><set-header name=\"a\" exists-action=\"delete\"/><base /></backend></policies>", "set-header,forward-request")]
    public void Flatten_ApiDocument_ForwardsAsItSays(string api, string steps) =>
        Assert.Equal(steps, Backend(Compiled.Pipeline(null, null, api)));

    [Theory]
    [InlineData("<base /><forward-request timeout=\"7\" />")]
    [InlineData("<forward-request timeout=\"7\" /><base />")]
    [InlineData("<base /><limit-concurrency key=\"k\" max-count=\"1\"><forward-request timeout=\"7\" /></limit-concurrency>")]
    [InlineData("<retry condition=\"true\" count=\"1\" interval=\"0\"><forward-request timeout=\"7\" /></retry><base />")]
    public async Task Flatten_OwnForwardRequestBesideBase_ReplacesTheInheritedOne(string backend)
    {
        var pipeline = Compiled.Pipeline(null, null, Compiled.Text(backend: backend));

        Assert.Single(pipeline[PolicySection.Backend]);
        var context = FakePolicyContext.Create();
        await pipeline.ExecuteAsync(context);
        Assert.All(context.FakeBackend.Requests, request => Assert.Equal(TimeSpan.FromSeconds(7), request.Options.Timeout));
    }

    [Fact]
    public void Extend_NothingNew_IsTheSamePipeline()
    {
        var api = Compiled.Pipeline(Text("g", PolicySection.Inbound), null, Text("ba", PolicySection.Inbound));

        Assert.Same(api, api.Extend(null));
        Assert.Same(api, api.Extend(Compiled.Document("<policies />", PolicyScope.Operation)));
        Assert.Same(api, api.Extend(Compiled.Document(
            "<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>",
            PolicyScope.Operation)));
        Assert.Same(PolicyPipeline.Default, PolicyPipeline.Flatten(null, null, null, null));
    }

    [Fact]
    public void Extend_OneSection_SharesTheOthers()
    {
        var api = Compiled.Pipeline(null, null, Text("ba", PolicySection.Outbound));

        var operation = api.Extend(Compiled.Document(Text("bo", PolicySection.Inbound)!, PolicyScope.Operation));

        Assert.NotSame(api, operation);
        Assert.Same(api[PolicySection.Outbound], operation[PolicySection.Outbound]);
        Assert.Same(api[PolicySection.Backend], operation[PolicySection.Backend]);
    }

    [Fact]
    public void Parse_TreeThatThisVersionDoesNotKnow_SaysWhere()
    {
        var tree = new PolicyTree
        {
            Root = new() { Name = "policies", Children = [new() { Name = "inbound", Children = [new() { Name = "later", Line = 3, Column = 9 }] }] },
        };

        var error = Assert.Throws<FormatException>(() => PolicyDocument.Parse(tree, PolicyScope.Api));

        Assert.Contains("'later' on line 3, column 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SlotsWithoutProgram_IsRefused()
    {
        var status = new PolicyElement { Name = "set-status", Attributes = [new("code", PolicyValue.FromSlot(0), 4, 5)] };
        var tree = new PolicyTree { Root = new() { Name = "policies", Children = [new() { Name = "outbound", Children = [status] }] } };

        var error = Assert.Throws<FormatException>(() => PolicyDocument.Parse(tree, PolicyScope.Api));

        Assert.Contains("line 4, column 5: The document has expressions and no program", error.Message, StringComparison.Ordinal);
    }

    private static string Backend(PolicyPipeline pipeline) => string.Join(',', pipeline[PolicySection.Backend].Select(step => step.Name));

    private static string? Text(string? steps, PolicySection section)
    {
        if (steps is null or "-")
        {
            return steps is null ? null : "<policies />";
        }

        var elements = string.Concat(steps.Select(c => c == 'b' ? "<base />" : $"<set-header name=\"{c}\"><value>x</value></set-header>"));
        return $"<policies><{section.Name()}>{elements}</{section.Name()}></policies>";
    }
}
