using System.Net;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Backends;

public sealed class LoopTests
{
    private const string Body = "{ \"statusCode\": 508, \"message\": \"Loop detected\" }";

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", true)]
    public async Task Backend_that_is_the_gateway_itself_is_answered_with_508(string host, bool tls)
    {
        await using var gateway = await TestGateway.StartAsync(new TestPublication());
        var url = tls ? gateway.TlsUrl : gateway.Url;
        await gateway.ApplyAsync(new TestPublication { Apis = [TestPublication.Api("loop", $"{url.Scheme}://{host}:{url.Port}/loop")] });

        using var response = await gateway.GetAsync("/loop/x");

        Assert.Equal(HttpStatusCode.LoopDetected, response.StatusCode);
        Assert.Equal(Body, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Loop_over_two_gateways_ends_by_the_number_of_hops()
    {
        await using var one = await TestGateway.StartAsync(new TestPublication());
        await using var two = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", one.Url.ToString().TrimEnd('/'))] });
        await one.ApplyAsync(new TestPublication { Apis = [TestPublication.Api("", two.Url.ToString().TrimEnd('/'))] });

        using var response = await one.GetAsync("/x");

        Assert.Equal(HttpStatusCode.LoopDetected, response.StatusCode);
        Assert.Equal(Body, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(20, 200)]
    [InlineData(21, 508)]
    public async Task Request_that_came_through_more_than_20_gateways_is_refused(int hops, int expected)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", backend.Url)] });

        using var response = await gateway.GetAsync("/json", request => request.Headers.Add("X-Forwarded-For", string.Join(", ", Enumerable.Repeat("192.0.2.1", hops))));

        Assert.Equal(expected, (int)response.StatusCode);
    }
}
