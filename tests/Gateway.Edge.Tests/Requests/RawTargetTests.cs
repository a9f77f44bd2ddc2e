using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Requests;

public sealed class RawTargetTests
{
    private const string Refused = "{ \"statusCode\": 400, \"message\": \"Bad request\" }";

    [Theory]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    [InlineData("/..")]
    [InlineData("/.")]
    [InlineData("/a/..")]
    [InlineData("/a/%2e%2e/b")]
    [InlineData("/a/%2E./b")]
    [InlineData("/a/.%2e")]
    [InlineData("/a/%2e/b")]
    [InlineData("/a/..;x=1/b")]
    [InlineData("/a/..;/b")]
    [InlineData("/a/..%3bx/b")]
    [InlineData("/a%2fb")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%5cb")]
    [InlineData("/a%5Cb")]
    [InlineData("/a\\b")]
    [InlineData("/a\\..\\b")]
    [InlineData("/a%c0%afb")]
    [InlineData("/a%C1%9Cb")]
    [InlineData("/a/%c0%ae%c0%ae/b")]
    [InlineData("/a#b")]
    [InlineData("/a?x=1#b")]
    [InlineData("/status-0123456789abcdef/../a")]
    [InlineData("/status-0123456789abcdef/%2e%2e")]
    [InlineData("http://a/x/../b")]
    [InlineData("http://a/x%2fb")]
    public async Task Path_that_backends_may_read_differently_is_refused(string target)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", backend.Url)] });

        var answer = await gateway.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer);
        Assert.EndsWith($"\r\n\r\n{Refused}", answer);
        Assert.Contains("\r\nContent-Type: application/json\r\n", answer);
        Assert.Equal(0, backend.Requests);
    }

    [Theory]
    [InlineData("/a.b/c..d/.well-known/...")]
    [InlineData("/a?x=../..&y=%2f%5c\\")]
    [InlineData("/a%252fb")]
    [InlineData("/a;b/c")]
    [InlineData("//a//")]
    [InlineData("/%")]
    public async Task Path_that_only_looks_alike_is_served_as_it_is(string target)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", backend.Url)] });

        Assert.Contains($"GET {target} HTTP/1.1\n", await gateway.SendRawAsync($"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData("/a/b?x=1", "/a/b", "?x=1")]
    [InlineData("/a/b", "/a/b", "")]
    [InlineData("http://host:1/a?b", "/a", "?b")]
    [InlineData("http://host", "", "")]
    [InlineData("http://host?x", "", "?x")]
    [InlineData("*", "", "")]
    [InlineData("host:443", "", "")]
    [InlineData("", "", "")]
    public void Target_is_read_in_every_form(string text, string path, string query)
    {
        Assert.True(RawTarget.TryRead(text, out var target));
        Assert.Equal(path, target.Path.ToString());
        Assert.Equal(query, target.Query.ToString());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n")]
    public async Task Request_that_the_server_refuses_keeps_the_servers_answer(string request)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", backend.Url)] });

        Assert.Matches("^HTTP/1.1 (400|501|505) ", await gateway.SendRawAsync(request));
        Assert.Equal(0, backend.Requests);
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")]
    [InlineData("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nConnection: close\r\n\r\n")]
    public async Task Target_without_a_path_matches_no_api(string request)
    {
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", "http://127.0.0.1:1")] });

        Assert.StartsWith("HTTP/1.1 404 ", await gateway.SendRawAsync(request));
    }
}
