using System.Net;
using System.Security.Cryptography;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Backends;

/// <summary>What becomes of an answer that is not wanted, and of the next try.</summary>
public sealed class DiscardTests : IAsyncLifetime
{
    private static readonly ForwardOptions s_buffered = new(null, true);

    private TestBackend _backend = null!;

    public async Task InitializeAsync() => _backend = await TestBackend.StartAsync();

    public async Task DisposeAsync() => await _backend.DisposeAsync();

    [Fact]
    public async Task Undecided_exchange_is_discarded_when_it_is_disposed()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            Assert.False(exchange.IsUpgrade);
        });

        using var response = await gateway.GetAsync("/json");

        Assert.False(response.Headers.Contains("X-Backend"));
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.Equal(0, gateway.LiveExchanges);
    }

    [Theory]
    [InlineData("GET", 0)]
    [InlineData("POST", 10)]
    [InlineData("POST", 5_000_000)]
    public async Task Retry_discards_and_sends_the_whole_request_again(string method, int length)
    {
        var body = RandomNumberGenerator.GetBytes(length);
        var tries = 0;
        await using var gateway = await StartAsync(async scope =>
        {
            IBackendExchange exchange;
            while (true)
            {
                Interlocked.Increment(ref tries);
                exchange = await scope.ForwardAsync(s_buffered);
                if (scope.Http.Response.StatusCode != StatusCodes.Status503ServiceUnavailable)
                {
                    break;
                }

                Assert.Equal("failed", scope.Http.Response.Headers["X-Try"]);
                await exchange.DiscardAsync();
                Assert.False(scope.Http.Response.Headers.ContainsKey("X-Try"));
            }

            await exchange.CommitAsync();
        });
        _backend.Failures = 2;

        using var response = await gateway.SendAsync(new HttpMethod(method), "/flaky", request =>
            request.Content = length == 0 ? null : new ByteArrayContent(body));

        Assert.Equal($"{length} {Convert.ToHexString(SHA256.HashData(body))}", await response.Content.ReadAsStringAsync());
        Assert.Equal(3, tries);
        Assert.Equal(0, gateway.LiveExchanges);
    }

    [Fact]
    public async Task Body_that_is_too_long_to_be_kept_is_refused()
    {
        var failure = new TaskCompletionSource<Exception?>();
        await using var gateway = await StartAsync(
            async scope => failure.SetResult(await Record.ExceptionAsync(async () => await scope.ForwardAsync(s_buffered))),
            new EdgeOptions { BufferedRequestLimit = 100_000 });

        using var _ = await gateway.SendAsync(HttpMethod.Post, "/upload", request => request.Content = new ByteArrayContent(new byte[300_000]));

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, Assert.IsType<PolicyException>(await failure.Task).StatusCode);
    }

    [Fact]
    public async Task Discard_of_a_short_answer_keeps_the_connection()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.DiscardAsync();
        });

        for (var turn = 0; turn < 40; turn++)
        {
            using var _ = await gateway.GetAsync("/bytes?n=50000");
        }

        Assert.InRange(_backend.Connections, 1, 10);
    }

    [Fact]
    public async Task Discard_of_an_endless_answer_ends()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.DiscardAsync();
            await scope.Http.Response.WriteAsync("discarded");
        });

        Assert.Equal("discarded", await gateway.GetTextAsync("/endless"));
        await Eventually.HoldsAsync(() => _backend.Aborts == 1, "the backend sees the end");
    }

    [Fact]
    public async Task Failed_try_leaves_the_response_as_it_was_and_the_next_one_works()
    {
        await using var gateway = await StartAsync(async scope =>
        {
            scope.Http.Response.Headers["X-Inbound"] = "kept";
            var good = scope.Backend.BaseUrl;
            scope.Backend.BaseUrl = "http://127.0.0.1:1";
            await Assert.ThrowsAsync<BackendFailedException>(async () => await scope.ForwardAsync(ForwardOptions.Default));
            Assert.Equal(StatusCodes.Status200OK, scope.Http.Response.StatusCode);
            Assert.Equal("kept", scope.Http.Response.Headers["X-Inbound"]);
            scope.Backend.BaseUrl = good;
            await using var exchange = await scope.ForwardAsync(ForwardOptions.Default);
            await exchange.CommitAsync();
            Assert.Null(scope.Http.Features.Get<Yarp.ReverseProxy.Forwarder.IForwarderErrorFeature>());
        });

        using var response = await gateway.GetAsync("/json");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("kept", response.Headers.GetValues("X-Inbound").Single());
    }

    private Task<TestGateway> StartAsync(Func<RequestScope, Task> script, EdgeOptions? options = null, TimeProvider? time = null) =>
        TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", _backend.Url)] }, options, script, time);
}
