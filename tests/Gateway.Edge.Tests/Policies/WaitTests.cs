using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

public sealed class WaitTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Fact]
    public async Task Calls_are_under_way_at_the_same_time_and_all_are_waited_for()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """
            <wait>
              <send-request response-variable-name="a"><set-url>{backend}/gate</set-url></send-request>
              <send-request response-variable-name="b"><set-url>{backend}/gate</set-url></send-request>
              <choose><when condition="@(true)"><send-request response-variable-name="c"><set-url>{backend}/gate</set-url></send-request></when></choose>
              <cache-lookup-value key="k" variable-name="d" default-value="e" />
            </wait>
            <return-response><set-body>@(string.Join(",", new[] { "a", "b", "c" }.Select(n => ((IResponse)context.Variables[n]).Body.As<string>())) + context.Variables["d"])</set-body></return-response>
            """);

        var answer = gateway.GetTextAsync("/a/x");
        await Eventually.HoldsAsync(() => _backend.Requests == 3, "all three calls are at the backend");
        _backend.Gate.Release(3);

        Assert.Equal("through,through,throughe", await answer);
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task First_that_is_through_ends_the_others()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """
            <wait for="any">
              <send-request response-variable-name="slow"><set-url>{backend}/hang</set-url></send-request>
              <send-request response-variable-name="fast"><set-url>{backend}/gate</set-url></send-request>
              <send-request response-variable-name="ignored" ignore-error="true"><set-url>{backend}/hang</set-url></send-request>
            </wait>
            <return-response><set-body>@(string.Join(",", context.Variables.Keys.OrderBy(k => k)))</set-body></return-response>
            """);

        var answer = gateway.GetTextAsync("/a/x");
        await Eventually.HoldsAsync(() => _backend.Requests == 3, "all three calls are at the backend");
        _backend.Gate.Release();

        Assert.Equal("fast", await answer);
        await Eventually.HoldsAsync(() => _backend.Aborts == 2, "the backend sees the others end");
        await gateway.NothingIsLeftAsync();
    }

    [Theory]
    [InlineData("all", "hang", "reset", "send-request wait[1]/send-request[2]")]
    [InlineData("all", "reset", "json", "send-request wait[1]/send-request[1]")]
    [InlineData("any", "hang", "reset", "send-request wait[1]/send-request[2]")]
    public async Task Failure_of_one_is_a_failure(string mode, string first, string second, string error)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: $$"""
            <wait for="{{mode}}">
              <send-request response-variable-name="a" timeout="2"><set-url>{backend}/{{first}}</set-url></send-request>
              <send-request response-variable-name="b"><set-url>{backend}/{{second}}</set-url></send-request>
            </wait>
            """,
            onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Path)</set-body>""");

        Assert.Equal(error, await gateway.GetTextAsync("/a/x"));
        await gateway.NothingIsLeftAsync();
    }
}
