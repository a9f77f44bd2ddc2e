using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Caching;

/// <summary>Who may get a response that another request left.</summary>
public sealed class CacheSharingTests : IAsyncLifetime
{
    private OriginServer _origin = null!;

    public async Task InitializeAsync() => _origin = await OriginServer.StartAsync();

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Theory]
    [InlineData("/a/x", "/a/y")]
    [InlineData("/a/x", "/a/X")]
    [InlineData("/a/x", "/a/x/")]
    [InlineData("/a/a%20b", "/a/a+b")]
    [InlineData("/a/x?p=1", "/a/x?p=2")]
    [InlineData("/a/x?p=1", "/a/x?p=1&q=2")]
    [InlineData("/a/x?p=1&p=2", "/a/x?p=2&p=1")]
    [InlineData("/a/x?p=1&q=2", "/a/x?p=1%26q=2")]
    [InlineData("/a/x?p=", "/a/x?p")]
    [InlineData("/a/x", "/b/x")]
    [InlineData("/a/x", "/a/other")]
    public async Task Requests_for_something_else_never_share(string first, string second)
    {
        await using var gateway = await CacheEdge.StartAsync(_origin, change: publication => publication with
        {
            Apis =
            [
                publication.Apis[0] with { Operations = [TestPublication.Operation("*", "/*"), TestPublication.Operation("GET", "/other")] },
                TestPublication.Api("b", _origin.Url) with { Policy = publication.Apis[0].Policy },
            ],
        });

        Assert.NotEqual(await gateway.GetTextAsync(first), await gateway.GetTextAsync(second));
        Assert.Equal(await gateway.GetTextAsync(first), await gateway.GetTextAsync(first));
    }

    [Theory]
    [InlineData("<vary-by-header>X-Wanted</vary-by-header>", "X-Wanted: a", "X-Wanted: b", false)]
    [InlineData("<vary-by-header>x-wanted</vary-by-header>", "X-Wanted: a", "", false)]
    [InlineData("<vary-by-header>X-One;X-Wanted</vary-by-header>", "X-Wanted: a", "X-Wanted: b", false)]
    [InlineData("<vary-by-header>X-Wanted</vary-by-header>", "X-Wanted: a|X-Other: a", "X-Wanted: a|X-Other: b", true)]
    [InlineData("<vary-by-header>X-One</vary-by-header><vary-by-header>X-Two</vary-by-header>", "X-One: a", "X-Two: a", false)]
    [InlineData("<vary-by-header>@(\"X-\" + \"Wanted\")</vary-by-header>", "X-Wanted: a", "X-Wanted: b", false)]
    [InlineData("", "X-Wanted: a", "X-Wanted: b", true)]
    [InlineData("", "User-Agent: a|X-Forwarded-For: 1.1.1.1", "User-Agent: b|X-Forwarded-For: 2.2.2.2", true)]
    public async Task Headers_that_the_policy_names_tell_responses_apart(string children, string first, string second, bool isShared)
    {
        await using var gateway = await CacheEdge.StartAsync(_origin, $"<cache-lookup {CacheEdge.Attributes}>{children}</cache-lookup>");

        Assert.Equal(isShared, await AskAsync(gateway, first) == await AskAsync(gateway, second));
        Assert.Equal(await AskAsync(gateway, first), await AskAsync(gateway, first));
    }

    [Theory]
    [InlineData("p", "?p=1&q=1", "?q=2&p=1", true)]
    [InlineData("p", "?p=1&q=1", "?p=2&q=1", false)]
    [InlineData("P", "?p=1", "?p=2", false)]
    [InlineData("p;q", "?p=1&q=1", "?p=1&q=2", false)]
    [InlineData("p", "?%70=1", "?%70=2", false)]
    [InlineData("p", "?p=1&p=2", "?p=1", false)]
    public async Task Query_parameters_that_the_policy_names_tell_responses_apart_and_no_others(string names, string first, string second, bool isShared)
    {
        await using var gateway = await CacheEdge.StartAsync(
            _origin, $"<cache-lookup {CacheEdge.Attributes}><vary-by-query-parameter>{names}</vary-by-query-parameter></cache-lookup>");

        Assert.Equal(isShared, await gateway.GetTextAsync($"/a/x{first}") == await gateway.GetTextAsync($"/a/x{second}"));
    }

    [Theory]
    [InlineData("Accept-Language", "Accept-Language: de", "Accept-Language: fr", false)]
    [InlineData("accept-language, X-A", "X-A: 1", "X-A: 2", false)]
    [InlineData("Accept-Language", "X-A: 1", "X-A: 2", true)]
    public async Task Headers_that_the_backend_names_tell_responses_apart(string vary, string first, string second, bool isShared)
    {
        _origin.AnswerWith(("Vary", vary));
        await using var gateway = await CacheEdge.StartAsync(_origin);

        var (one, two) = (await AskAsync(gateway, first), await AskAsync(gateway, second));

        Assert.Equal(isShared, one == two);
        Assert.Equal((one, two), (await AskAsync(gateway, first), await AskAsync(gateway, second)));
    }

    [Fact]
    public async Task Vary_of_a_header_that_policies_change_after_the_lookup_keeps_nothing()
    {
        _origin.AnswerWith(("Vary", "X-Tenant"));
        await using var gateway = await CacheEdge.StartAsync(
            _origin, $"""{CacheEdge.Lookup}<set-header name="X-Tenant"><value>@(context.Request.Headers.GetValueOrDefault("X-Who", ""))</value></set-header>""");

        Assert.NotEqual(await AskAsync(gateway, "X-Who: a"), await AskAsync(gateway, "X-Who: b"));
    }

    [Fact]
    public async Task Way_to_the_backend_that_policies_choose_before_the_lookup_tells_responses_apart()
    {
        await using var gateway = await CacheEdge.StartAsync(
            _origin, $"""<rewrite-uri template="@("/of-" + context.Request.Headers.GetValueOrDefault("X-Who", ""))" /><set-query-parameter name="t" exists-action="override"><value>1</value></set-query-parameter>{CacheEdge.Lookup}""");

        Assert.NotEqual(await AskAsync(gateway, "X-Who: a"), await AskAsync(gateway, "X-Who: b"));
        Assert.Equal(await AskAsync(gateway, "X-Who: a"), await AskAsync(gateway, "X-Who: a"));
    }

    [Theory]
    [InlineData("false", "false", true)]
    [InlineData("true", "false", false)]
    [InlineData("false", "true", false)]
    [InlineData("@(true)", "false", false)]
    public async Task Subscriptions_share_unless_the_policy_says_otherwise(string byDeveloper, string byGroups, bool isShared)
    {
        await using var gateway = await CacheEdge.StartAsync(
            _origin, $"<cache-lookup vary-by-developer=\"{byDeveloper}\" vary-by-developer-groups=\"{byGroups}\" />", change: publication => publication with
            {
                Subscriptions = [TestPublication.Subscription("s", "/apis"), TestPublication.Subscription("t", "/apis")],
                Apis = [publication.Apis[0] with { SubscriptionRequired = true }],
            });
        var key = publication(gateway);

        Assert.Equal(isShared, await AskAsync(gateway, $"{key}: s-1") == await AskAsync(gateway, $"{key}: t-1"));
        // Both keys of a subscription are one caller, in the header and in the query.
        Assert.Equal(await AskAsync(gateway, $"{key}: s-1"), await AskAsync(gateway, $"{key}: s-2"));

        static string publication(TestGateway gateway) => gateway.Publications.Current!.AllApis.First().KeyHeader;
    }

    [Theory]
    [InlineData("", "", false)]
    [InlineData("allow-private-response-caching=\"true\"", "", false)]
    [InlineData("allow-private-response-caching=\"true\"", "public", true)]
    [InlineData("allow-private-response-caching=\"true\"", "s-maxage=1", true)]
    [InlineData("allow-private-response-caching=\"true\"", "private", false)]
    public async Task Credentials_keep_responses_apart_unless_the_backend_says_that_they_are_for_everybody(string attribute, string control, bool isShared)
    {
        _origin.AnswerWith(("Cache-Control", control));
        await using var gateway = await CacheEdge.StartAsync(_origin, $"<cache-lookup {CacheEdge.Attributes} {attribute} />");

        var (anonymous, first, second) = (await AskAsync(gateway, ""), await AskAsync(gateway, "Authorization: Bearer a"), await AskAsync(gateway, "Authorization: Bearer b"));

        Assert.Equal(isShared, first == second);
        Assert.NotEqual(anonymous, first);
        Assert.NotEqual(anonymous, second);
        Assert.Equal(attribute.Length > 0, await AskAsync(gateway, "Authorization: Bearer a") == first);
    }

    [Fact]
    public async Task Private_responses_are_kept_for_their_caller_only()
    {
        _origin.AnswerWith(("Cache-Control", "private"));
        await using var gateway = await CacheEdge.StartAsync(_origin, $"<cache-lookup {CacheEdge.Attributes} allow-private-response-caching=\"true\" />");

        Assert.NotEqual(await AskAsync(gateway, "Cookie: session=a"), await AskAsync(gateway, "Cookie: session=b"));
        Assert.Equal(await AskAsync(gateway, "Cookie: session=a"), await AskAsync(gateway, "Cookie: session=a"));
    }

    [Theory]
    [InlineData("Host: evil.example")]
    [InlineData("X-Forwarded-Host: evil.example")]
    [InlineData("X-Forwarded-Proto: gopher")]
    [InlineData("x-forwarded-scheme: nothttps")]
    [InlineData("Forwarded: host=evil.example")]
    [InlineData("X-Original-URL: /admin")]
    [InlineData("X-Rewrite-URL: /admin")]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    [InlineData("X-Host: evil.example")]
    [InlineData("Cookie: a=b|X-Forwarded-Port: 1")]
    public async Task What_an_attacker_slips_to_the_backend_is_found_by_nobody_else(string headers)
    {
        await using var gateway = await CacheEdge.StartAsync(_origin);

        var poisoned = await AskAsync(gateway, headers);

        Assert.NotEqual(poisoned, await AskAsync(gateway, ""));
        Assert.Equal(poisoned, await AskAsync(gateway, headers));
    }

    [Fact]
    public async Task What_policies_say_to_one_caller_is_not_kept_and_each_gets_its_own()
    {
        _origin.AnswerWith(("Vary", "Accept-Encoding"), ("X-Of-Backend", "yes"));
        await using var gateway = await CacheEdge.StartAsync(
            _origin, $"<cors terminate-unmatched-request=\"false\"><allowed-origins><origin>https://a.example</origin><origin>https://b.example</origin></allowed-origins></cors>{CacheEdge.Lookup}");

        foreach (var (origin, allowed) in new[] { ("https://a.example", "https://a.example"), ("https://b.example", "https://b.example"), ("https://c.example", null), ("https://a.example", "https://a.example") })
        {
            using var response = await gateway.GetAsync("/a/x", request => request.Headers.Add("Origin", origin));
            Assert.Equal("answer 1", await response.Content.ReadAsStringAsync());
            Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? Assert.Single(values) : null);
            Assert.Equal(allowed is null ? "Accept-Encoding" : "Accept-Encoding Origin", string.Join(' ', response.Headers.Vary.Order()));
            Assert.Equal("yes", Assert.Single(response.Headers.GetValues("X-Of-Backend")));
        }
    }

    [Fact]
    public async Task Backend_that_admits_the_page_that_asks_is_cached_for_each_page()
    {
        _origin.Answer = (http, number) =>
        {
            http.Response.Headers.AccessControlAllowOrigin = http.Request.Headers.Origin;
            return http.Response.WriteAsync($"answer {number}");
        };
        await using var gateway = await CacheEdge.StartAsync(_origin);

        Assert.NotEqual(await AskAsync(gateway, "Origin: https://a.example"), await AskAsync(gateway, "Origin: https://b.example"));
        Assert.Equal(await AskAsync(gateway, "Origin: https://a.example"), await AskAsync(gateway, "Origin: https://a.example"));
    }

    [Fact]
    public async Task Callers_of_two_products_never_share()
    {
        await using var gateway = await CacheEdge.StartAsync(_origin, change: publication => publication with
        {
            Service = publication.Service with { Products = [Product("p"), Product("q")] },
            Subscriptions = [TestPublication.Subscription("s", "/products/p"), TestPublication.Subscription("t", "/products/q")],
            Apis = [publication.Apis[0] with { SubscriptionRequired = true }],
        });
        var key = gateway.Publications.Current!.AllApis.First().KeyHeader;

        Assert.NotEqual(await AskAsync(gateway, $"{key}: s-1"), await AskAsync(gateway, $"{key}: t-1"));

        static ProductEntry Product(string id) => new() { Id = id, DisplayName = id, SubscriptionRequired = true, Apis = ["a"] };
    }

    /// <summary>The answer says of each thing that makes a difference how it was asked: whoever gets another's sees it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_requests_only_ever_get_what_they_asked_for(int seed)
    {
        string[] relevant = ["X-Client-Host", "X-Vary", "Accept-Language", "Authorization", "X-Forwarded-Host", "X-Tenant"];
        _origin.Answer = (http, _) =>
        {
            http.Response.Headers.Vary = "Accept-Language";
            return http.Response.WriteAsync($"{http.Request.Path}{http.Request.QueryString} {string.Join(' ', relevant.Select(name => $"{name}={http.Request.Headers[name]}"))}");
        };
        await using var gateway = await CacheEdge.StartAsync(
            _origin,
            inbound: $"""
            <set-header name="X-Client-Host"><value>@(context.Request.OriginalUrl.Host)</value></set-header>
            <set-query-parameter name="tenant"><value>@(context.Request.Headers.GetValueOrDefault("X-Tenant", "none"))</value></set-query-parameter>
            <cache-lookup {CacheEdge.Attributes} allow-private-response-caching="true"><vary-by-header>X-Vary</vary-by-header></cache-lookup>
            """);
        var random = new Random(seed);
        string?[] few = [null, "a", "b"];
        for (var i = 0; i < 700; i++)
        {
            string? Any() => few[random.Next(few.Length)];
            var (path, query, host) = (random.Next(2) == 0 ? "/x" : "/y", Any() is { } q ? $"?q={q}" : "", random.Next(2) == 0 ? "a.example" : "b.example");
            var headers = relevant[1..].ToDictionary(name => name, _ => Any());
            var text = await gateway.GetTextAsync($"/a{path}{query}", request =>
            {
                request.Headers.Host = host;
                foreach (var (name, value) in headers)
                {
                    request.Headers.TryAddWithoutValidation(name, value is null ? [] : [value]);
                }
            });
            var tenant = $"{(query.Length == 0 ? "?" : "&")}tenant={headers["X-Tenant"] ?? "none"}";
            Assert.Equal($"{path}{query}{tenant} X-Client-Host={host} {string.Join(' ', headers.Select(header => $"{header.Key}={header.Value}"))}", text);
        }

        Assert.InRange(_origin.Answers, 1, 690);
    }

    private static Task<string> AskAsync(TestGateway gateway, string headers) => gateway.GetTextAsync("/a/x", request =>
    {
        foreach (var line in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':');
            request.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 2)..]);
        }
    });
}
