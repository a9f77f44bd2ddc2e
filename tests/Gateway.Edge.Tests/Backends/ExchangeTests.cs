using System.Net;
using System.Text;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Backends;

/// <summary>What can be done with an answer while it is parked between its headers and its body.</summary>
public sealed class ExchangeTests : IAsyncLifetime
{
    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Fact]
    public async Task Status_and_headers_of_a_streamed_answer_can_be_changed()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            scope.Http.Response.Headers["X-Inbound"] = "kept";
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            Assert.Equal("yes", scope.Http.Response.Headers["X-Backend"]);
            scope.Http.Response.StatusCode = StatusCodes.Status202Accepted;
            scope.Http.Response.Headers["X-Backend"] = "changed";
            await exchange.CommitAsync();
        });

        using var response = await gateway.GetAsync("/json");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("changed", response.Headers.GetValues("X-Backend").Single());
        Assert.Equal("kept", response.Headers.GetValues("X-Inbound").Single());
        Assert.Equal("{\"from\":\"backend\"}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Header_set_by_an_inbound_step_is_not_doubled_by_the_backends()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            scope.Http.Response.Headers["X-Backend"] = "inbound";
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.CommitAsync();
        });

        using var response = await gateway.GetAsync("/json");

        Assert.Equal("inbound", response.Headers.GetValues("X-Backend").Single());
    }

    [Fact]
    public async Task Status_set_before_the_forward_does_not_keep_it_from_starting()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            scope.Http.Response.StatusCode = StatusCodes.Status418ImATeapot;
            var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            Assert.Equal(StatusCodes.Status200OK, scope.Http.Response.StatusCode);
            await exchange.DiscardAsync();
        });

        using var response = await gateway.GetAsync("/json");

        Assert.Equal(StatusCodes.Status418ImATeapot, (int)response.StatusCode);
        Assert.False(response.Headers.Contains("X-Backend"));
    }

    [Theory]
    [InlineData("/json")]
    [InlineData("/bytes?n=104857600")]
    public async Task Body_can_be_replaced(string target)
    {
        await using var gateway = await StartAsync(async scope =>
        {
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.DiscardBodyAsync();
            await scope.Http.Response.WriteAsync("replaced");
        });

        for (var turn = 0; turn < 3; turn++)
        {
            using var response = await gateway.GetAsync(target);
            Assert.Equal("replaced", await response.Content.ReadAsStringAsync());
            Assert.Null(response.Headers.ETag);
        }

        Assert.Equal(0, gateway.LiveExchanges);
    }

    [Fact]
    public async Task Exchange_is_decided_once()
    {
        var second = new TaskCompletionSource<Exception?>();
        await using var gateway = await StartAsync(async scope =>
        {
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.CommitAsync();
            second.SetResult(await Record.ExceptionAsync(async () => await exchange.CommitAsync()));
            await exchange.DiscardAsync();
        });

        Assert.Equal("{\"from\":\"backend\"}", await gateway.GetTextAsync("/json"));
        Assert.IsType<InvalidOperationException>(await second.Task);
    }

    [Fact]
    public async Task Work_while_parked_does_not_count_against_the_time_until_the_headers()
    {
        var time = new FakeTimeProvider();
        await using var gateway = await StartAsync(
            async scope =>
            {
                await using var exchange = await scope.ForwardAsync(new ForwardOptions(TimeSpan.FromSeconds(1), false));
                time.Advance(TimeSpan.FromMinutes(1));
                await exchange.CommitAsync();
            },
            time: time);

        Assert.Equal("{\"from\":\"backend\"}", await gateway.GetTextAsync("/json"));
    }

    [Fact]
    public async Task Headers_that_come_too_late_are_a_timeout_also_when_the_client_is_there()
    {
        var time = new FakeTimeProvider();
        var failure = new TaskCompletionSource<Exception?>();
        await using var gateway = await StartAsync(
            async scope => failure.SetResult(await Record.ExceptionAsync(
                async () => await scope.ForwardAsync(new ForwardOptions(TimeSpan.FromMinutes(10), false)))),
            time: time);

        var pending = gateway.GetAsync("/hang");
        await Eventually.HoldsAsync(() => _backend.Requests == 1, "the request reaches the backend");
        Assert.False(failure.Task.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(BackendFailure.Timeout, Assert.IsType<BackendFailedException>(await failure.Task.WaitAsync(TimeSpan.FromSeconds(20))).Failure);
        using var _ = await pending;
    }

    [Theory]
    [InlineData("HEAD", "/length", 200, 1234)]
    [InlineData("GET", "/status/204", 204, null)]
    [InlineData("GET", "/status/304", 304, null)]
    [InlineData("HEAD", "/json", 200, null)]
    [InlineData("GET", "/status/500", 500, 0)]
    public async Task Answer_without_a_body_passes_through(string method, string target, int status, int? length)
    {
        await using var gateway = await StartAsync(async scope =>
        {
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.CommitAsync();
        });

        using var response = await gateway.SendAsync(new HttpMethod(method), target);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Replaced_body_of_a_head_request_is_not_sent()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.DiscardBodyAsync();
            await scope.Http.Response.WriteAsync("replaced");
        });

        using var response = await gateway.SendAsync(HttpMethod.Head, "/json");

        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Expectation_of_a_continue_is_met()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.CommitAsync();
        });

        using var response = await gateway.SendAsync(HttpMethod.Post, "/upload", request =>
        {
            request.Headers.ExpectContinue = true;
            request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes("expected"));
        });

        Assert.StartsWith("8 ", await response.Content.ReadAsStringAsync());
    }

    private Task<TestGateway> StartAsync(Func<RequestScope, Task> script, EdgeOptions? options = null, TimeProvider? time = null) =>
        TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", _backend.Url)] }, options, script, time);
}
