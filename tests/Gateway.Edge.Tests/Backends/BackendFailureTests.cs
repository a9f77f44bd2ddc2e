using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Backends;

/// <summary>What breaks between gateway and backend, or between client and gateway, and what is left behind: nothing.</summary>
public sealed class BackendFailureTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Theory]
    [InlineData("/reset", BackendFailure.ConnectionFailure)]
    [InlineData("/hang", BackendFailure.Timeout)]
    public async Task Backend_without_an_answer_is_named(string target, BackendFailure expected)
    {
        Assert.Equal(expected, (await FailureAsync(target, null)).Failure);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", BackendFailure.ConnectionFailure)]
    [InlineData("http://no-such-host.invalid", BackendFailure.ConnectionFailure)]
    [InlineData("ftp://127.0.0.1", BackendFailure.NoDestination)]
    [InlineData("not a url", BackendFailure.NoDestination)]
    [InlineData("http://127.0.0.1:1/a b", BackendFailure.NoDestination)]
    [InlineData("http://127.0.0.1:1/\r\nX-Evil: 1", BackendFailure.NoDestination)]
    [InlineData("", BackendFailure.NoDestination)]
    public async Task Backend_that_cannot_be_asked_is_named(string url, BackendFailure expected)
    {
        Assert.Equal(expected, (await FailureAsync("/json", url)).Failure);
    }

    [Theory]
    [InlineData("/reset")]
    [InlineData("/hang")]
    public async Task Failed_backend_is_answered_with_500(string target)
    {
        var policy = PolicyXml.Tree("<policies><inbound><base /></inbound><backend><forward-request timeout-ms=\"300\" /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>");
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", _backend.Url) with { Policy = policy }] });

        using var response = await gateway.GetAsync(target);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Matches(
            "^\\{ \"statusCode\": 500, \"message\": \"Internal server error\", \"activityId\": \"[0-9a-f-]{36}\" \\}$",
            await response.Content.ReadAsStringAsync());
        await Eventually.HoldsAsync(() => gateway.LiveExchanges == 0, "no exchange is left");
    }

    [Fact]
    public async Task Answer_that_breaks_off_is_not_ended_well()
    {
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", _backend.Url)] });

        using var response = await gateway.GetAsync("/break-later");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        _backend.Gate.Release();

        await Assert.ThrowsAnyAsync<HttpRequestException>(response.Content.ReadAsStringAsync);
        await Eventually.HoldsAsync(() => gateway.LiveExchanges == 0, "no exchange is left");
    }

    [Theory]
    [InlineData("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nonly the beginning")]
    [InlineData("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public async Task Client_that_goes_away_takes_its_backend_request_along(string request)
    {
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", _backend.Url)] });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, gateway.Url.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
            await Eventually.HoldsAsync(() => _backend.Requests == 1, "the request reaches the backend");
            client.Client.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => _backend.Aborts == 1, "the backend sees the client go");
        await Eventually.HoldsAsync(() => gateway.LiveExchanges == 0 && gateway.Drain.LiveRequests == 0, "nothing is left");
    }

    [Fact]
    public async Task Client_that_goes_away_while_the_answer_is_parked_leaves_nothing_behind()
    {
        var parked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var ended = new TaskCompletionSource<Exception?>();
        await using var gateway = await TestGateway.StartAsync(
            new TestPublication { Apis = [TestPublication.Api("", _backend.Url)] },
            script: async scope =>
            {
                await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
                parked.SetResult();
                await release.Task;
                ended.SetResult(await Record.ExceptionAsync(async () => await exchange.CommitAsync()));
            });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, gateway.Url.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"));
            await parked.Task.WaitAsync(TimeSpan.FromSeconds(20));
            client.Client.LingerState = new LingerOption(true, 0);
        }

        release.SetResult();

        Assert.Equal(BackendFailure.ClientAborted, Assert.IsType<BackendFailedException>(await ended.Task.WaitAsync(TimeSpan.FromSeconds(20))).Failure);
        await Eventually.HoldsAsync(() => _backend.Aborts == 1 && gateway.LiveExchanges == 0, "nothing is left");
    }

    [Fact]
    public async Task Malformed_request_body_is_the_clients_fault()
    {
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", _backend.Url)] });

        var answer = await gateway.SendRawAsync("POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Contains("{ \"statusCode\": 400, \"message\": ", answer);
    }

    private async Task<BackendFailedException> FailureAsync(string target, string? url)
    {
        var failure = new TaskCompletionSource<Exception?>();
        await using var gateway = await TestGateway.StartAsync(
            new TestPublication { Apis = [TestPublication.Api("", url ?? _backend.Url)] },
            script: async scope => failure.SetResult(await Record.ExceptionAsync(
                async () => await scope.ForwardAsync(new ForwardOptions(TimeSpan.FromSeconds(target == "/hang" ? 0.5 : 30), false)))));
        using var _ = await gateway.GetAsync(target);
        await Eventually.HoldsAsync(() => gateway.LiveExchanges == 0, "no exchange is left");
        return Assert.IsType<BackendFailedException>(await failure.Task);
    }
}
