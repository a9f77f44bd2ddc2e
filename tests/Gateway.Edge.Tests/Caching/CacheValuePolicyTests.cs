using System.Net;
using Gateway.Edge.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Caching;

public sealed class CacheValuePolicyTests : IAsyncLifetime
{
    private const string Make = """
        <value>
          <send-request response-variable-name="r"><set-url>{backend}/flaky</set-url></send-request>
          <choose><when condition="@(((IResponse)context.Variables["r"]).StatusCode == 503)"><set-variable name="fail" value="@((string)context.Variables["none"])" /></when></choose>
          <set-variable name="v" value="@(context.Request.OriginalUrl.Query.GetValueOrDefault("n"))" />
        </value>
        """;

    private const string Say = """<return-response><set-body>@((string)context.Variables["v"])</set-body></return-response>""";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("", 59, "1", 1)]
    [InlineData("", 61, "2", 2)]
    [InlineData("refresh-after=\"10\"", 9, "1", 1)]
    [InlineData("refresh-after=\"@(10)\" caching-type=\"internal\"", 11, "2", 2)]
    [InlineData("caching-type=\"external\"", 1, "2", 2)]
    public async Task Value_is_made_when_there_is_none_and_when_it_is_old(string attributes, int after, string then, int made)
    {
        await using var gateway = await StartAsync(attributes);

        Assert.Equal("1", await gateway.GetTextAsync("/a/x?n=1"));
        _time.Advance(TimeSpan.FromSeconds(after));
        Assert.Equal(then, await gateway.GetTextAsync("/a/x?n=2"));

        Assert.Equal(made, _backend.Requests);
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Old_value_stays_when_no_new_one_can_be_made()
    {
        await using var gateway = await StartAsync("refresh-after=\"10\"");
        Assert.Equal("1", await gateway.GetTextAsync("/a/x?n=1"));
        _time.Advance(TimeSpan.FromSeconds(11));
        _backend.Failures = 1;

        Assert.Equal("1", await gateway.GetTextAsync("/a/x?n=2"));
        Assert.Equal("1", await gateway.GetTextAsync("/a/x?n=3"));
        Assert.Equal(2, _backend.Requests);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("4", await gateway.GetTextAsync("/a/x?n=4"));
    }

    [Fact]
    public async Task Others_get_the_old_value_while_one_makes_the_new()
    {
        await using var gateway = await StartAsync("refresh-after=\"10\"", Make.Replace("/flaky", "/gate"));
        _backend.Gate.Release();
        Assert.Equal("1", await gateway.GetTextAsync("/a/x?n=1"));
        _time.Advance(TimeSpan.FromSeconds(11));

        var making = gateway.GetTextAsync("/a/x?n=2");
        await Eventually.HoldsAsync(() => _backend.Requests == 2, "a new value is asked for");
        Assert.Equal("1", await gateway.GetTextAsync("/a/x?n=3"));
        _backend.Gate.Release();

        Assert.Equal("2", await making);
        Assert.Equal("2", await gateway.GetTextAsync("/a/x?n=4"));
        Assert.Equal(2, _backend.Requests);
    }

    [Theory]
    [InlineData("default-value=\"none\"", HttpStatusCode.OK, "none")]
    [InlineData("default-value=\"@(context.Api.Id)\"", HttpStatusCode.OK, "a")]
    [InlineData("", HttpStatusCode.InternalServerError, "set-variable ExpressionValueEvaluationFailure")]
    public async Task Failure_without_a_value_gives_the_default_or_fails(string attributes, HttpStatusCode status, string body)
    {
        _backend.Failures = 1;
        await using var gateway = await StartAsync(attributes);

        using var response = await gateway.GetAsync("/a/x?n=1");

        Assert.Equal((status, body), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Policies_that_set_nothing_fail_the_request()
    {
        await using var gateway = await StartAsync("", "<value><set-variable name=\"other\" value=\"1\" /></value>");

        Assert.Equal("cache-value ValueNotSet", await gateway.GetTextAsync("/a/x"));
    }

    private Task<TestGateway> StartAsync(string attributes, string value = Make) => PolicyEdge.StartAsync(
        _backend,
        inbound: $"<cache-value key=\"@(context.Api.Id)\" variable-name=\"v\" expires-after=\"60\" {attributes}>{value}</cache-value>{Say}",
        onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Reason)</set-body>""",
        time: _time);
}
