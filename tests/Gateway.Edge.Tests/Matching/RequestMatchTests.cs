using Gateway.Edge.Matching;
using Gateway.Edge.Models;
using Gateway.Edge.Tests.Harness;
using Gateway.Testing;

namespace Gateway.Edge.Tests.Matching;

public sealed class RequestMatchTests
{
    private static readonly string[] s_templates =
    [
        "GET /", "GET /pets", "POST /pets", "GET /pets/{id}", "GET /pets/mine", "DELETE /pets/{id}", "GET /pets/{id}/toys/{toy}",
        "GET /files/*", "GET /docs/{*rest}", "GET /orders({key})", "GET /report-{year}-{month}.pdf", "GET /search?q={term}",
        "GET /search?q={term}&page={n}", "GET /search?kind=exact", "GET /search", "* /any", "GET /slash/", "GET /both", "GET /both/*",
        "GET /deep/{a}/x", "GET /deep/b/y", "GET /caf%C3%A9",
    ];

    [Theory]
    [InlineData("GET", "/", "GET /")]
    [InlineData("GET", "", "GET /")]
    [InlineData("GET", "/pets", "GET /pets")]
    [InlineData("GET", "/pets/", "GET /pets")]
    [InlineData("GET", "/PETS", "GET /pets")]
    [InlineData("POST", "/pets", "POST /pets")]
    [InlineData("PUT", "/pets", null)]
    [InlineData("HEAD", "/pets", null)]
    [InlineData("get", "/pets", null)]
    [InlineData("GET", "/pets/7", "GET /pets/{id}")]
    [InlineData("GET", "/pets/mine", "GET /pets/mine")]
    [InlineData("DELETE", "/pets/mine", "DELETE /pets/{id}")]
    [InlineData("GET", "/pets//toys/1", null)]
    [InlineData("GET", "/pets/7/toys/1", "GET /pets/{id}/toys/{toy}")]
    [InlineData("GET", "/pets/7/toys", null)]
    [InlineData("GET", "/pets/7/toys/1/2", null)]
    [InlineData("GET", "/files", null)]
    [InlineData("GET", "/files/", "GET /files/*")]
    [InlineData("GET", "/files/a/b/c", "GET /files/*")]
    [InlineData("GET", "/files//a", "GET /files/*")]
    [InlineData("GET", "/docs/a/b", "GET /docs/{*rest}")]
    [InlineData("GET", "/orders(7)", "GET /orders({key})")]
    [InlineData("GET", "/orders()", null)]
    [InlineData("GET", "/report-2026-11.pdf", "GET /report-{year}-{month}.pdf")]
    [InlineData("GET", "/report-2026.pdf", null)]
    [InlineData("GET", "/search?q=a", "GET /search?q={term}")]
    [InlineData("GET", "/search?page=2&Q=a", "GET /search?q={term}&page={n}")]
    [InlineData("GET", "/search?kind=exact", "GET /search?kind=exact")]
    [InlineData("GET", "/search?kind=%65xact", "GET /search?kind=exact")]
    [InlineData("GET", "/search?kind=other", "GET /search")]
    [InlineData("GET", "/search?qq=a", "GET /search")]
    [InlineData("GET", "/search?", "GET /search")]
    [InlineData("PURGE", "/any", "* /any")]
    [InlineData("GET", "/slash", "GET /slash/")]
    [InlineData("GET", "/slash/", "GET /slash/")]
    [InlineData("GET", "/both", "GET /both")]
    [InlineData("GET", "/both/", "GET /both/*")]
    [InlineData("GET", "/deep/b/x", "GET /deep/{a}/x")]
    [InlineData("GET", "/deep/b/y", "GET /deep/b/y")]
    [InlineData("GET", "/caf\u00e9", "GET /caf%C3%A9")]
    [InlineData("GET", "/nothing", null)]
    public void Operation_is_found_by_method_path_and_query(string method, string target, string? expected)
    {
        var model = Model(TestPublication.Api("shop", "http://backend", [.. s_templates.Select(Operation)]));
        var mark = target.IndexOf('?');
        var path = "/shop" + (mark < 0 ? target : target[..mark]);

        var match = RequestMatch.Find(model.Apis, "gateway.example", false, method, path, mark < 0 ? "" : target[mark..]);

        Assert.Equal("shop", match.Api?.Info.Id);
        Assert.Equal(expected, match.Operation?.Info.Id);
    }

    [Theory]
    [InlineData("/a", "a")]
    [InlineData("/A/", "a")]
    [InlineData("/a/b", "a-b")]
    [InlineData("/a/b/c/d", "a-b-c")]
    [InlineData("/a/bc", "a")]
    [InlineData("/ab", "root")]
    [InlineData("/", "root")]
    [InlineData("//a", "root")]
    public void Api_with_the_longest_path_wins(string path, string expected)
    {
        var model = Model(
            TestPublication.Api("a", null), TestPublication.Api("a/b", null), TestPublication.Api("a/b/c", null), TestPublication.Api("", null));

        Assert.Equal(expected, RequestMatch.Find(model.Apis, "gateway.example", false, "GET", path, "").Api?.Info.Id);
    }

    [Theory]
    [InlineData("api.example.com", "/a", "exact")]
    [InlineData("API.Example.Com:8080", "/a", "exact")]
    [InlineData("api.example.com.", "/a", "exact")]
    [InlineData("api.example.com", "/a/b", "exact")]
    [InlineData("api.example.com", "/wide/x", "wide")]
    [InlineData("api.example.com", "/deep", null)]
    [InlineData("api.example.com", "/open", "open")]
    [InlineData("other.example.com", "/a", "wide-a")]
    [InlineData("x.eu.example.com", "/a", "deep-a")]
    [InlineData("x.eu.example.com", "/wide", "wide")]
    [InlineData("x.y.eu.example.com", "/deep", "deep")]
    [InlineData("eu.example.com", "/deep", null)]
    [InlineData("eu.example.com", "/a", "wide-a")]
    [InlineData("example.com", "/a", "open-a")]
    [InlineData(".example.com", "/a", "open-a")]
    [InlineData("notexample.com", "/a", "open-a")]
    [InlineData("api.example.com.evil.example", "/a", "open-a")]
    [InlineData("10.1.2.3:443", "/a", "address")]
    [InlineData("[::1]:8080", "/a", "open-a")]
    [InlineData("[::1]", "/open", "open")]
    [InlineData("[::1", "/a", "open-a")]
    [InlineData("", "/a", "open-a")]
    [InlineData(":80", "/a", "open-a")]
    public void Api_is_found_on_its_hosts_the_closest_first(string host, string path, string? expected)
    {
        var model = Model(
            On("exact", "a", "api.example.com", "second.example.com"), On("wide", "wide", "*.example.com"), On("wide-a", "a", "*.example.com"),
            On("deep", "deep", "*.eu.example.com"), On("deep-a", "a", "*.eu.example.com"), On("address", "a", "10.1.2.3"),
            On("open", "open"), On("open-a", "a"), On("open-a-b", "a/b"));

        Assert.Equal(expected, RequestMatch.Find(model.Apis, host, false, "GET", path, "").Api?.Info.Id);
    }

    [Fact]
    public void Api_of_every_host_is_asked_when_the_closer_one_is_not_reachable_over_the_scheme()
    {
        var model = Model(On("secure", "a", "api.example.com") with { Protocols = ["https"] }, On("open", "a"));

        Assert.Equal("open", RequestMatch.Find(model.Apis, "api.example.com", false, "GET", "/a", "").Api?.Info.Id);
        Assert.Equal("secure", RequestMatch.Find(model.Apis, "api.example.com", true, "GET", "/a", "").Api?.Info.Id);
    }

    [Fact]
    public void Host_that_is_longer_than_names_may_be_is_not_looked_up()
    {
        var model = Model(On("wide", "a", "*.example.com"));
        var host = string.Concat(Enumerable.Repeat("a.", 200)) + "example.com";

        Assert.Null(RequestMatch.Find(model.Apis, host, false, "GET", "/a", "").Api);
        Assert.Equal("wide", RequestMatch.Find(model.Apis, host.AsSpan(200), false, "GET", "/a", "").Api?.Info.Id);
    }

    [Theory]
    [InlineData("http", false, true)]
    [InlineData("http", true, false)]
    [InlineData("https", false, false)]
    [InlineData("https", true, true)]
    [InlineData("wss", true, true)]
    [InlineData("ws", true, false)]
    public void Api_is_reachable_over_its_schemes_only(string protocol, bool isHttps, bool expected)
    {
        var model = Model(TestPublication.Api("a", null) with { Protocols = [protocol] });

        Assert.Equal(expected, RequestMatch.Find(model.Apis, "gateway.example", isHttps, "GET", "/a/x", "").Operation is not null);
    }

    [Theory]
    [InlineData("/pets/{id}", "/shop/pets/7", "", "id", "7")]
    [InlineData("/pets/{id}", "/shop/pets/7", "", "ID", "7")]
    [InlineData("/pets/{id}", "/shop/pets/7", "", "other", null)]
    [InlineData("/{a}/{b}", "/shop/1/2", "", "b", "2")]
    [InlineData("/files/*", "/shop/files/a/b", "", "*", "a/b")]
    [InlineData("/files/{*rest}", "/shop/files/", "", "rest", "")]
    [InlineData("/orders({key})", "/shop/orders(7)", "", "key", "7")]
    [InlineData("/r-{y}-{m}.pdf", "/shop/r-2026-11.pdf", "", "m", "11")]
    [InlineData("/s?q={term}", "/shop/s", "?x=1&q=a%20b", "term", "a%20b")]
    public void Parameter_is_read_from_the_request(string template, string path, string query, string name, string? expected)
    {
        Assert.True(UrlTemplate.TryParse(template, out var parsed, out _));

        Assert.Equal(expected is not null, parsed.TryGetParameter(name, path, 1, query, out var value));
        Assert.Equal(expected ?? "", value.ToString());
    }

    [Theory]
    [InlineData("/a/{b")]
    [InlineData("/a/b}")]
    [InlineData("/a/{}")]
    [InlineData("/a/{b}{c}")]
    [InlineData("/{*rest}/b")]
    [InlineData("/*/b")]
    public void Template_that_cannot_be_read_is_refused(string template)
    {
        Assert.False(UrlTemplate.TryParse(template, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        var model = Model(TestPublication.Api("shop/eu", "http://backend", [.. s_templates.Select(Operation)]));
        string[] targets = ["/shop/eu/pets/7/toys/9", "/shop/eu/search", "/shop/eu/orders(7)", "/shop/eu/files/a/b", "/shop/none", "/else"];

        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (var target in targets)
            {
                RequestMatch.Find(model.Apis, "gateway.example", false, "GET", target, "?page=2&q=caf%C3%A9");
            }
        }));
    }

    [Fact]
    public void Matching_by_host_allocates_nothing()
    {
        var model = Model(On("exact", "a", "api.example.com"), On("wide", "a", "*.example.com"), On("open", "a"));
        string[] hosts = ["api.example.com:8080", "x.y.example.com", "else.example", "[::1]:80", ""];

        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (var host in hosts)
            {
                RequestMatch.Find(model.Apis, host, false, "GET", "/a/b", "");
            }
        }));
    }

    private static Contracts.Publications.ApiChunk On(string id, string path, params string[] hostnames) =>
        TestPublication.Api(path, null) with { Id = id, Hostnames = hostnames };

    private static PublicationModel Model(params Contracts.Publications.ApiChunk[] apis)
    {
        var built = PublicationBuilder.Build(new TestPublication { Apis = apis }.Build(), null);
        Assert.True(built.IsSuccess);
        return built.Value;
    }

    private static Contracts.Publications.OperationEntry Operation(string text) =>
        TestPublication.Operation(text.Split(' ')[0], text.Split(' ')[1]);
}
