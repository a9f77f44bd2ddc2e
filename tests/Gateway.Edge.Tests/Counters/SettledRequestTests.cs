using System.Net;
using System.Text.Json;
using Gateway.Edge.Counters;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Counters;

/// <summary>Requests whose cost is known at their end, from a client to the backend, over a fake partition.</summary>
public sealed class SettledRequestTests
{
    private readonly FakePartition _silo = new();

    [Theory]
    [InlineData("GET", "/a/bytes?n=102400", 0, false, 100)]
    [InlineData("HEAD", "/a/bytes?n=102400", 0, false, 0)]
    [InlineData("GET", "/a/bytes?n=100", 0, false, 0)]
    [InlineData("POST", "/a/upload", 51_200, false, 50)]
    [InlineData("POST", "/a/upload", 51_200, true, 50)]
    public async Task Bandwidth_IsWhatGoesInAndOut(string method, string target, int upload, bool isChunked, long kilobytes)
    {
        _silo.GrantOnce(1_000_000);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, "<quota-by-key bandwidth=\"1000000\" renewal-period=\"0\" counter-key=\"k\" />");

        using (var response = await gateway.SendAsync(new(method), target, request =>
        {
            if (upload > 0)
            {
                request.Content = new ByteArrayContent(new byte[upload]);
                request.Headers.TransferEncodingChunked = isChunked;
            }
        }))
        {
            await response.Content.ReadAsByteArrayAsync();
        }

        await gateway.StopAsync();
        Report(gateway);
        Assert.Equal((kilobytes, 0L), (_silo.Spent, _silo.Owed));
        Assert.Empty(_silo.Lies);
    }

    [Fact]
    public async Task Bandwidth_AnAbortedAnswer_CountsWhatWasSent()
    {
        _silo.GrantOnce(1_000_000);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, "<quota-by-key bandwidth=\"1000000\" renewal-period=\"0\" counter-key=\"k\" />");
        using (var response = await gateway.GetAsync("/a/endless"))
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[300 * 1024]);
        }

        await Eventually.HoldsAsync(() => { Report(gateway); return _silo.Spent + _silo.Owed >= 300; }, "The bytes are counted.");
    }

    [Theory]
    [InlineData("/a/json", 0)]
    [InlineData("/a/status/404", 1)]
    [InlineData("/a/reset", 1)]
    public async Task Condition_OnTheResponse_DecidesAfterIt(string target, long spent)
    {
        _silo.GrantOnce(10);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(
            backend, "<rate-limit-by-key calls=\"10\" renewal-period=\"60\" counter-key=\"k\" increment-condition=\"@(context.Response.StatusCode != 200)\" />");

        (await gateway.GetAsync(target)).Dispose();

        await gateway.StopAsync();
        Report(gateway);
        Assert.Equal(spent, _silo.Spent);
    }

    [Fact]
    public async Task Count_OfTheBody_IsReadBeforeTheAnswerIsSent()
    {
        _silo.GrantOnce(100);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(
            backend,
            "<rate-limit-by-key calls=\"100\" renewal-period=\"60\" counter-key=\"k\" increment-count=\"@(((string)context.Response.Body.As&lt;JObject&gt;(true)[&quot;from&quot;]).Length)\" />");

        Assert.Equal("{\"from\":\"backend\"}", await gateway.GetTextAsync("/a/json"));

        await gateway.StopAsync();
        Report(gateway);
        Assert.Equal((7, 0L), (_silo.Spent, _silo.Owed));
    }

    [Fact]
    public async Task Shadow_RefusesNobodyAndSaysWhomItWouldHave()
    {
        _silo.GrantOnce(1);
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, "<rate-limit-by-key calls=\"1\" renewal-period=\"60\" counter-key=\"k\" shadow=\"true\" remaining-calls-header-name=\"X-Left\" />");
        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.GetAsync("/a/json");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("Retry-After") || response.Headers.Contains("X-Left"));
        }

        var lines = (await gateway.StopAndReadLogAsync()).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["rate-limit-by-key"], lines[^1].GetProperty("shadowRefusals").EnumerateArray().Select(policy => policy.GetString()));
        Assert.False(lines[0].TryGetProperty("shadowRefusals", out _));
        Assert.Equal(4, backend.Requests);
    }

    private Task<TestGateway> StartAsync(TestBackend backend, string inbound)
    {
        var policy = CompiledPolicy.OfSections(inbound: inbound);
        return TestGateway.StartAsync(new TestPublication
        {
            Apis = [TestPublication.Api("a", backend.Url) with { Policy = policy.Tree }],
            Programs = policy.Programs,
        }, counters: _silo);
    }

    /// <summary>Lets the edge tell what it has spent.</summary>
    private void Report(TestGateway gateway)
    {
        var counter = _silo.Calls.First().Requests[0].Counter;
        Assert.True(gateway.Get<CounterEdge>().Recall(counter.Partition, _silo.Epoch, [counter]).IsCompletedSuccessfully);
    }
}
