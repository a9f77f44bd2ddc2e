using System.Net;
using Gateway.Edge.Counters;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Limits from a client's request to the backend, over a fake partition.</summary>
public sealed class LimitedRequestTests
{
    private readonly FakePartition _silo = new();

    [Fact]
    public async Task Request_OverTheLimit_IsAnswered429WithItsHeaders()
    {
        _silo.GrantOnce(3, retryAfter: 41_200);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Publication(backend, calls: 3), counters: _silo);
        var left = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var admitted = await GetAsync(gateway, "s1");
            Assert.Equal((HttpStatusCode.OK, "3"), (admitted.StatusCode, Header(admitted, "X-Total")));
            left.Add(Header(admitted, "X-Left"));
        }

        using var denied = await GetAsync(gateway, "s1");

        Assert.Equal(["2", "1", "0"], left);
        Assert.Equal((HttpStatusCode.TooManyRequests, "Too Many Requests"), (denied.StatusCode, denied.ReasonPhrase));
        Assert.Equal("{ \"statusCode\": 429, \"message\": \"Rate limit is exceeded. Try again in 42 seconds.\" }", await denied.Content.ReadAsStringAsync());
        Assert.Equal(("42", "0", "3", "application/json"), (Header(denied, "Retry-After"), Header(denied, "X-Left"), Header(denied, "X-Total"), denied.Content.Headers.ContentType!.ToString()));
        Assert.Equal(3, backend.Requests);
    }

    [Fact]
    public async Task Request_OfAnotherSubscription_HasItsOwnCounter()
    {
        _silo.GrantAtLeast(1);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Publication(backend, calls: 3), counters: _silo);
        foreach (var key in (string[])["s1-1", "s1-2", "s2-1"])
        {
            using var response = await gateway.GetAsync("/a/json", request => request.Headers.Add("Ocp-Apim-Subscription-Key", key));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(2, _silo.Calls.SelectMany(call => call.Requests).Select(request => request.Counter).Distinct().Count());
    }

    [Fact]
    public async Task Request_AfterAChangedLimit_GoesOnWithTheSameCounter()
    {
        _silo.GrantAtLeast(1);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Publication(backend, calls: 3), counters: _silo);
        (await GetAsync(gateway, "s1")).Dispose();
        await gateway.ApplyAsync(Publication(backend, calls: 30) with { Number = 2 });
        (await GetAsync(gateway, "s1")).Dispose();

        var requests = _silo.Calls.SelectMany(call => call.Requests).ToArray();
        Assert.Single(requests.Select(request => request.Counter).Distinct());
        Assert.Equal((30, 2L), (requests[^1].Definition.Limit, requests[^1].Definition.Publication!.Value.Number));
    }

    /// <summary>Whoever may not call costs nothing, and hears why: not that a limit could not be decided, nor that one is reached.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Request_WithoutAGoodKey_IsAnswered401_AlsoWhenNobodyDecides(string? key)
    {
        _silo.Before = _ => Task.Delay(Timeout.Infinite);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(Publication(backend, calls: 1), counters: _silo);

        using var response = await gateway.GetAsync("/a/json", request =>
        {
            if (key is not null)
            {
                request.Headers.Add("Ocp-Apim-Subscription-Key", key);
            }
        });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(_silo.Calls);
    }

    [Fact]
    public async Task Request_NobodyDecides_IsAnswered503AfterMaxWait()
    {
        _silo.Before = _ => Task.Delay(Timeout.Infinite);
        await using var backend = await TestBackend.StartAsync();
        var options = new EdgeOptions { Counters = new() { MaxWait = TimeSpan.FromMilliseconds(300) } };
        await using var gateway = await TestGateway.StartAsync(Publication(backend, calls: 3), options, counters: _silo);

        using var response = await GetAsync(gateway, "s1");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (response.StatusCode, Header(response, "Retry-After")));
        Assert.Equal(0, backend.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_Stamped_TellsTheBackendItsTokens(bool stamps)
    {
        _silo.GrantAtLeast(4);
        await using var backend = await TestBackend.StartAsync();
        var options = new EdgeOptions { Counters = new CounterOptions { Stamp = stamps } };
        await using var gateway = await TestGateway.StartAsync(Publication(backend, calls: 100), options, counters: _silo);
        var stampsSeen = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            var echo = await gateway.GetTextAsync("/a/echo", request =>
            {
                request.Headers.Add("Ocp-Apim-Subscription-Key", "s1-1");
                request.Headers.Add(AdmissionStamp.Header, "mine");
            });
            stampsSeen.Add(echo.Split('\n').SingleOrDefault(line => line.StartsWith(AdmissionStamp.Header, StringComparison.OrdinalIgnoreCase))?[(AdmissionStamp.Header.Length + 2)..]);
        }

        if (!stamps)
        {
            Assert.Equal(["mine", "mine"], stampsSeen);
            return;
        }

        var counter = _silo.Calls.First().Requests[0].Counter;
        Assert.Matches($"^{counter};1;1;1;[0-9]+$", stampsSeen[0]);
        Assert.Matches($"^{counter};1;1;2;[0-9]+$", stampsSeen[1]);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : "";

    private static Task<HttpResponseMessage> GetAsync(TestGateway gateway, string subscription) =>
        gateway.GetAsync("/a/json", request => request.Headers.Add("Ocp-Apim-Subscription-Key", $"{subscription}-1"));

    private static TestPublication Publication(TestBackend backend, int calls) => new()
    {
        Apis =
        [
            TestPublication.Api("a", backend.Url) with
            {
                SubscriptionRequired = true,
                Policy = PolicyXml.Inbound($"<rate-limit calls=\"{calls}\" renewal-period=\"60\" remaining-calls-header-name=\"X-Left\" total-calls-header-name=\"X-Total\" />"),
            },
        ],
        Subscriptions = [TestPublication.Subscription("s1", "/apis/a"), TestPublication.Subscription("s2", "/apis")],
    };
}
