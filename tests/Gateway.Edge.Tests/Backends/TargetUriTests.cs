using Gateway.Edge.Backends;

namespace Gateway.Edge.Tests.Backends;

public sealed class TargetUriTests
{
    [Theory]
    [InlineData("http://a", "/b", "?c", "http://a/b?c")]
    [InlineData("https://a:8443/base", "/b%2Fc", "", "https://a:8443/base/b%2Fc")]
    [InlineData("ws://a:8080", "/b", "?c", "http://a:8080/b?c")]
    [InlineData("wss://a/base", "/b", "", "https://a/base/b")]
    [InlineData("WSS://a", "/", "", "https://a/")]
    [InlineData("http://a", "", "", "http://a/")]
    [InlineData("http://a:1", "", "?b", "http://a:1/?b")]
    [InlineData("http://a/b", "", "?c", "http://a/b?c")]
    [InlineData("ws://a", "", "", "http://a/")]
    [InlineData("wsx://a", "/b", "", null)]
    [InlineData("ftp://a", "/b", "", null)]
    [InlineData("a/b", "/c", "", null)]
    [InlineData("http://a", "b", "", null)]
    [InlineData("http://a", "/b c", "", null)]
    public void Parts_are_joined_as_they_are(string baseUrl, string path, string query, string? expected)
    {
        Assert.Equal(expected is not null, TargetUri.TryMake(baseUrl, path, query, out var uri));

        Assert.Equal(expected, expected is null ? null : uri!.AbsoluteUri);
    }
}
