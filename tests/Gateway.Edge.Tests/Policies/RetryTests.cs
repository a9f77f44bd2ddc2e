using System.Net;
using System.Security.Cryptography;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Policies;

public sealed class RetryTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData(0, 3, 200, 1)]
    [InlineData(2, 3, 200, 3)]
    [InlineData(3, 3, 200, 4)]
    [InlineData(4, 3, 503, 4)]
    public async Task Backend_is_tried_until_the_condition_is_false_or_the_count_is_over(int failures, int count, int status, int tries)
    {
        _backend.Failures = failures;
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, toBackend: $"""<retry condition="@(context.Response.StatusCode == 503)" count="{count}" interval="0"><forward-request /></retry>""");

        foreach (var size in (int[])[0, 10, 500_000])
        {
            _backend.Failures = failures;
            var before = _backend.Requests;
            var body = new byte[size];
            new Random(size).NextBytes(body);
            using var response = await gateway.SendAsync(HttpMethod.Post, "/a/flaky", request => request.Content = new ByteArrayContent(body));

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status == 503 ? "try again" : $"{size} {Convert.ToHexString(SHA256.HashData(body))}", await response.Content.ReadAsStringAsync());
            Assert.Equal(tries, _backend.Requests - before);
            Assert.Equal(status == 503, response.Headers.Contains("X-Try"));
        }

        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Condition_may_read_the_body_of_each_answer_and_leave_the_last()
    {
        _backend.Failures = 2;
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            toBackend: """<retry condition="@(context.Response.Body.As<string>(preserveContent: true) == "try again")" count="@(context.Api.Id.Length + 4)" interval="@(0)" first-fast-retry="@(true)"><forward-request /></retry>""");

        Assert.StartsWith("0 ", await gateway.GetTextAsync("/a/flaky"));
        Assert.Equal(3, _backend.Requests);
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Backend_may_change_between_tries()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            toBackend: """
            <retry condition="@(context.Response.StatusCode == 500)" count="2" interval="0">
              <choose><when condition="@(context.Response != null && context.Response.StatusCode == 500)"><set-backend-service base-url="{backend}/other" /></when></choose>
              <forward-request />
            </retry>
            """);

        using var response = await gateway.GetAsync("/a/status/500");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("GET /other/status/500 ", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Policies_without_a_backend_are_repeated_too()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            inbound: """<set-variable name="n" value="@(0)" /><retry condition="@((int)context.Variables["n"] < 5)" count="50" interval="0"><set-variable name="n" value="@((int)context.Variables["n"] + 1)" /></retry><return-response><set-body>@(context.Variables["n"].ToString())</set-body></return-response>""");

        Assert.Equal("5", await gateway.GetTextAsync("/a/x"));
    }

    [Fact]
    public async Task Interval_is_waited_and_the_first_retry_may_be_fast()
    {
        _backend.Failures = 2;
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, toBackend: """<retry condition="@(context.Response.StatusCode == 503)" count="3" interval="1" max-interval="2" delta="1" first-fast-retry="true"><forward-request /></retry>""");
        var started = TimeProvider.System.GetTimestamp();

        using var response = await gateway.GetAsync("/a/flaky");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        // Only the second wait: between 1 s and the maximum of 2 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.95, 20);
    }

    [Theory]
    [InlineData("/a/reset", "forward-request BackendConnectionFailure retry[1]/forward-request[1]")]
    [InlineData("/a/json", "retry ExpressionValueEvaluationFailure retry[1]")]
    public async Task Failure_within_ends_it(string target, string error)
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            toBackend: """<retry condition="@((bool)context.Variables["missing"])" count="3" interval="0"><forward-request /></retry>""",
            onError: """<set-body>@($"{context.LastError.Source} {context.LastError.Reason} {context.LastError.Path}")</set-body>""");

        Assert.Equal(error, await gateway.GetTextAsync(target));
        Assert.Equal(1, _backend.Requests);
        await gateway.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Inherited_forward_is_replaced_by_one_within()
    {
        var global = PolicyXml.Tree("<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>");
        await using var gateway = await PolicyEdge.StartAsync(
            _backend,
            toBackend: """<base /><retry condition="@(false)" count="1" interval="0"><forward-request /></retry>""",
            change: publication => publication with { Service = publication.Service with { Policy = global } });

        using var _ = await gateway.GetAsync("/a/json");

        Assert.Equal(1, _backend.Requests);
    }
}
