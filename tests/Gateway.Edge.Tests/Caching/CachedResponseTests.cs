using System.Net;
using Gateway.Edge.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Caching;

public sealed class CachedResponseTests : IAsyncLifetime
{
    private OriginServer _origin = null!;

    public async Task InitializeAsync() => _origin = await OriginServer.StartAsync();

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Fact]
    public async Task Response_is_found_by_later_requests_with_status_headers_and_age_until_its_duration_ends()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        _origin.AnswerWith(("X-Of-Backend", "yes"), ("Content-Type", "text/x"), ("Content-Type-Options", "a"), ("Age", "5"));
        await using var gateway = await CacheEdge.StartAsync(_origin, time: time);

        using var first = await gateway.GetAsync("/a/x");
        time.Advance(TimeSpan.FromSeconds(59));
        using var second = await gateway.GetAsync("/a/x");
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("answer 1", await first.Content.ReadAsStringAsync());
        Assert.Equal("answer 1", await second.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, TimeSpan.FromSeconds(64), "yes", "text/x", 8L), (
            second.StatusCode, second.Headers.Age, Assert.Single(second.Headers.GetValues("X-Of-Backend")), second.Content.Headers.ContentType!.ToString(), second.Content.Headers.ContentLength));
        Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
        Assert.Equal(["miss", "hit", "miss"], (await gateway.StopAndReadLogAsync()).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("cache").GetString()));
    }

    [Theory]
    [InlineData("", "no-store")]
    [InlineData("downstream-caching-type=\"none\"", "no-store")]
    [InlineData("downstream-caching-type=\"private\"", "must-revalidate, max-age=60, private")]
    [InlineData("downstream-caching-type=\"public\" must-revalidate=\"false\"", "public, max-age=60")]
    [InlineData("downstream-caching-type=\"@(\"pub\" + \"lic\")\" must-revalidate=\"@(true)\"", "public, must-revalidate, max-age=60")]
    public async Task Caches_downstream_are_told_what_they_may_do(string attributes, string expected)
    {
        _origin.AnswerWith(("Cache-Control", "max-age=5"), ("Expires", "Thu, 01 Jan 2026 00:00:00 GMT"), ("Pragma", "no-cache"));
        await using var gateway = await CacheEdge.StartAsync(_origin, $"<cache-lookup {CacheEdge.Attributes} {attributes} />");

        using var first = await gateway.GetAsync("/a/x");
        using var second = await gateway.GetAsync("/a/x");

        Assert.Equal(1, _origin.Answers);
        foreach (var response in (HttpResponseMessage[])[first, second])
        {
            Assert.Equal(expected.Split(", ").Order(), response.Headers.CacheControl!.ToString().Split(", ").Order());
            Assert.False(response.Content.Headers.Contains("Expires"));
            Assert.False(response.Headers.Contains("Pragma"));
        }
    }

    [Theory]
    [InlineData("", 200, true)]
    [InlineData("", 404, false)]
    [InlineData("", 301, false)]
    [InlineData("cache-response=\"true\"", 404, true)]
    [InlineData("cache-response=\"true\"", 503, true)]
    [InlineData("cache-response=\"true\"", 204, true)]
    [InlineData("cache-response=\"true\"", 206, false)]
    [InlineData("cache-response=\"true\"", 304, false)]
    [InlineData("cache-response=\"false\"", 200, false)]
    [InlineData("cache-response=\"@(context.Response.StatusCode == 404)\"", 404, true)]
    [InlineData("cache-response=\"@(context.Response.StatusCode == 404)\"", 200, false)]
    public async Task Status_decides_what_is_kept(string attribute, int status, bool isKept)
    {
        _origin.Answer = (http, _) =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        await using var gateway = await CacheEdge.StartAsync(_origin, outbound: $"<cache-store duration=\"60\" {attribute} />");

        using var first = await gateway.GetAsync("/a/x");
        using var second = await gateway.GetAsync("/a/x");

        Assert.Equal((status, status, isKept ? 1 : 2), ((int)first.StatusCode, (int)second.StatusCode, _origin.Answers));
    }

    [Theory]
    [InlineData("Set-Cookie", "session=1")]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Cache-Control", "max-age=60, private")]
    [InlineData("Cache-Control", "private=\"x\"")]
    [InlineData("Vary", "*")]
    [InlineData("Vary", "Accept, *")]
    [InlineData("Content-Range", "bytes 0-1/2")]
    public async Task Response_that_is_not_for_others_is_not_kept(string name, string value)
    {
        _origin.AnswerWith((name, value));
        await using var gateway = await CacheEdge.StartAsync(_origin);

        Assert.Equal(["answer 1", "answer 2"], [await gateway.GetTextAsync("/a/x"), await gateway.GetTextAsync("/a/x")]);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Method_that_does_more_than_get_is_never_answered_from_the_cache(string method)
    {
        await using var gateway = await CacheEdge.StartAsync(_origin);
        await gateway.GetTextAsync("/a/x");

        using var response = await gateway.SendAsync(new(method), "/a/x");

        Assert.Equal("answer 2", await response.Content.ReadAsStringAsync());
        Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));
    }

    [Fact]
    public async Task Get_with_a_body_goes_past_the_cache()
    {
        await using var gateway = await CacheEdge.StartAsync(_origin);

        var answers = new[]
        {
            await gateway.GetTextAsync("/a/x", request => request.Content = new StringContent("poison")),
            await gateway.GetTextAsync("/a/x"),
            await gateway.GetTextAsync("/a/x", request => request.Content = new StringContent("poison")),
        };

        Assert.Equal(["answer 1", "answer 2", "answer 3"], answers);
    }

    [Fact]
    public async Task Head_is_answered_from_a_cached_get_and_never_kept_itself()
    {
        await using var gateway = await CacheEdge.StartAsync(_origin);

        using var before = await gateway.SendAsync(HttpMethod.Head, "/a/x");
        Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
        using var after = await gateway.SendAsync(HttpMethod.Head, "/a/x");

        Assert.Equal((2, 8L, ""), (_origin.Answers, after.Content.Headers.ContentLength, await after.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("If-None-Match", "\"v1\"", 304, "")]
    [InlineData("If-None-Match", "W/\"v1\"", 304, "")]
    [InlineData("If-None-Match", "\"v0\", \"v1\"", 304, "")]
    [InlineData("If-None-Match", "*", 304, "")]
    [InlineData("If-None-Match", "\"v2\"", 200, "0123456789")]
    [InlineData("If-Modified-Since", "Wed, 02 Jan 2019 00:00:00 GMT", 304, "")]
    [InlineData("If-Modified-Since", "Thu, 01 Jan 2015 00:00:00 GMT", 200, "0123456789")]
    [InlineData("Range", "bytes=2-4", 206, "234")]
    [InlineData("Range", "bytes=8-", 206, "89")]
    [InlineData("Range", "bytes=8-100", 206, "89")]
    [InlineData("Range", "bytes=-3", 206, "789")]
    [InlineData("Range", "bytes=-100", 206, "0123456789")]
    [InlineData("Range", "bytes=10-", 416, "")]
    [InlineData("Range", "bytes=-0", 416, "")]
    [InlineData("Range", "bytes=0-1,3-4", 200, "0123456789")]
    [InlineData("Range", "lines=0-1", 200, "0123456789")]
    [InlineData("Range", "bytes=4-2", 200, "0123456789")]
    public async Task Request_that_wants_less_than_the_cached_response_gets_less(string name, string value, int status, string body)
    {
        _origin.Answer = (http, _) =>
        {
            http.Response.Headers.ETag = "\"v1\"";
            http.Response.Headers.LastModified = "Tue, 01 Jan 2019 00:00:00 GMT";
            return http.Response.WriteAsync("0123456789");
        };
        await using var gateway = await CacheEdge.StartAsync(_origin);
        await gateway.GetTextAsync("/a/x");

        using var response = await gateway.GetAsync("/a/x", request => request.Headers.TryAddWithoutValidation(name, value));

        Assert.Equal((status, body, 1), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), _origin.Answers));
        Assert.Equal("\"v1\"", response.Headers.ETag!.ToString());
        Assert.Equal(status == 206 || status == 416, response.Content.Headers.ContentRange is { Length: 10 });
    }

    [Theory]
    [InlineData("\"v1\"", 206)]
    [InlineData("\"v2\"", 200)]
    [InlineData("W/\"v1\"", 200)]
    [InlineData("Tue, 01 Jan 2019 00:00:00 GMT", 206)]
    [InlineData("Wed, 02 Jan 2019 00:00:00 GMT", 200)]
    public async Task Range_of_another_version_gets_the_whole(string condition, int status)
    {
        _origin.AnswerWith(("ETag", "\"v1\""), ("Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT"));
        await using var gateway = await CacheEdge.StartAsync(_origin);
        await gateway.GetTextAsync("/a/x");

        using var response = await gateway.GetAsync("/a/x", request =>
        {
            request.Headers.TryAddWithoutValidation("Range", "bytes=0-1");
            request.Headers.TryAddWithoutValidation("If-Range", condition);
        });

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("Range", "bytes=0-1")]
    [InlineData("If-None-Match", "\"x\"")]
    [InlineData("If-Modified-Since", "Tue, 01 Jan 2019 00:00:00 GMT")]
    public async Task Request_for_less_asks_the_backend_when_nothing_is_cached_and_keeps_nothing(string name, string value)
    {
        await using var gateway = await CacheEdge.StartAsync(_origin);

        await gateway.GetTextAsync("/a/x", request => request.Headers.TryAddWithoutValidation(name, value));

        Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
    }

    [Theory]
    [InlineData("If-Match", "\"v2\"")]
    [InlineData("If-Unmodified-Since", "Tue, 01 Jan 2019 00:00:00 GMT")]
    public async Task Condition_that_the_cache_cannot_judge_goes_to_the_backend(string name, string value)
    {
        await using var gateway = await CacheEdge.StartAsync(_origin);
        await gateway.GetTextAsync("/a/x");

        Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x", request => request.Headers.TryAddWithoutValidation(name, value)));
    }

    [Fact]
    public async Task Policies_between_lookup_and_store_do_not_run_again_and_those_behind_do()
    {
        await using var gateway = await CacheEdge.StartAsync(
            _origin,
            inbound: $"""{CacheEdge.Lookup}<set-header name="X-To-Backend"><value>a</value></set-header>""",
            outbound: $"""<set-header name="X-Before"><value>@(Guid.NewGuid().ToString())</value></set-header>{CacheEdge.Store}<set-header name="X-Behind"><value>@(Guid.NewGuid().ToString())</value></set-header>""");

        using var first = await gateway.GetAsync("/a/x");
        using var second = await gateway.GetAsync("/a/x");

        Assert.Equal(1, _origin.Answers);
        Assert.Equal(first.Headers.GetValues("X-Before"), second.Headers.GetValues("X-Before"));
        Assert.NotEqual(first.Headers.GetValues("X-Behind"), second.Headers.GetValues("X-Behind"));
    }

    [Fact]
    public async Task Lookup_and_store_work_within_other_policies()
    {
        await using var gateway = await CacheEdge.StartAsync(
            _origin,
            inbound: $"""<choose><when condition="@(true)">{CacheEdge.Lookup}<set-variable name="missed" value="yes" /></when></choose><set-variable name="behind" value="yes" />""",
            outbound: $"""
            <choose><when condition="@(context.Response.StatusCode == 200)">{CacheEdge.Store}</when></choose>
            <set-header name="X-Ran"><value>@(string.Join(",", context.Variables.Keys))</value></set-header>
            """);

        using var first = await gateway.GetAsync("/a/x");
        using var second = await gateway.GetAsync("/a/x");

        Assert.Equal(("missed,behind", ""), (Assert.Single(first.Headers.GetValues("X-Ran")), Assert.Single(second.Headers.GetValues("X-Ran"))));
        Assert.Equal(1, _origin.Answers);
    }

    [Theory]
    [InlineData("""<find-and-replace from="answer" to="reply" />""", "reply 1")]
    [InlineData("""<set-body>@(context.Response.Body.As<string>(preserveContent: true) + "!")</set-body>""", "answer 1!")]
    public async Task Policy_behind_the_store_changes_the_body_of_each_answer_and_not_the_cached_one(string behind, string expected)
    {
        await using var gateway = await CacheEdge.StartAsync(_origin, outbound: CacheEdge.Store + behind);

        Assert.Equal([expected, expected, expected], [await gateway.GetTextAsync("/a/x"), await gateway.GetTextAsync("/a/x"), await gateway.GetTextAsync("/a/x")]);
    }

    [Theory]
    [InlineData("""<set-body>other</set-body>""")]
    [InlineData("""<return-response><set-body>other</set-body></return-response>""")]
    public async Task Body_that_nobody_read_before_another_took_its_place_is_not_kept(string behind)
    {
        await using var gateway = await CacheEdge.StartAsync(_origin, outbound: CacheEdge.Store + behind);

        Assert.Equal(["other", "other"], [await gateway.GetTextAsync("/a/x"), await gateway.GetTextAsync("/a/x")]);
        Assert.Equal(2, _origin.Answers);
    }

    [Fact]
    public async Task Body_made_before_the_store_is_what_is_kept()
    {
        await using var gateway = await CacheEdge.StartAsync(_origin, outbound: $"""<set-body>@(context.Response.Body.As<string>() + "!")</set-body>{CacheEdge.Store}""");

        Assert.Equal(["answer 1!", "answer 1!"], [await gateway.GetTextAsync("/a/x"), await gateway.GetTextAsync("/a/x")]);
    }

    [Fact]
    public async Task Failure_behind_the_store_keeps_nothing()
    {
        await using var gateway = await CacheEdge.StartAsync(
            _origin,
            outbound: $"""{CacheEdge.Store}<choose><when condition="@(context.Request.Headers.ContainsKey("X-Fail"))"><set-header name="X"><value>@((string)context.Variables["none"])</value></set-header></when></choose>""");

        using var failed = await gateway.GetAsync("/a/x", request => request.Headers.Add("X-Fail", "1"));

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
        Assert.Equal(0, ((ResponseCache)gateway.Get<IResponseCache>()).ReservedBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_that_breaks_off_is_not_kept(bool hasLength)
    {
        var isRead = new TaskCompletionSource();
        _origin.Answer = async (http, number) =>
        {
            http.Response.ContentLength = hasLength ? 100 : null;
            await http.Response.WriteAsync($"part {number}");
            await http.Response.Body.FlushAsync();
            await isRead.Task;
            http.Abort();
        };
        await using var gateway = await CacheEdge.StartAsync(_origin);
        using (var response = await gateway.GetAsync("/a/x"))
        {
            var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[4]);
            isRead.SetResult();
            await Assert.ThrowsAnyAsync<IOException>(() => body.ReadExactlyAsync(new byte[96]).AsTask());
        }

        _origin.Answer = (http, number) => http.Response.WriteAsync($"answer {number}");

        Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
        Assert.Equal(0, ((ResponseCache)gateway.Get<IResponseCache>()).ReservedBytes);
    }

    [Fact]
    public async Task Body_whose_client_goes_away_is_not_kept()
    {
        var isRead = new TaskCompletionSource();
        _origin.Answer = async (http, number) =>
        {
            await http.Response.WriteAsync($"part {number}");
            await http.Response.Body.FlushAsync();
            if (number == 1)
            {
                await isRead.Task;
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
            }
        };
        await using var gateway = await CacheEdge.StartAsync(_origin);
        using (var response = await gateway.GetAsync("/a/x"))
        {
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[4]);
            isRead.SetResult();
        }

        await gateway.NothingIsLeftAsync();

        Assert.Equal("part 2", await gateway.GetTextAsync("/a/x"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_of_any_length_is_sent_whole_and_kept_up_to_the_bound(bool hasLength)
    {
        const int Bound = 1_000_000;
        _origin.Answer = async (http, _) =>
        {
            var length = int.Parse(http.Request.Path.Value!.AsSpan(1));
            http.Response.ContentLength = hasLength ? length : null;
            for (var left = length; left > 0; left -= 10_000)
            {
                await http.Response.Body.WriteAsync(new byte[Math.Min(left, 10_000)]);
            }
        };
        await using var gateway = await CacheEdge.StartAsync(_origin, options: new EdgeOptions { Cache = new() { ResponseBytes = Bound } });
        foreach (var (length, answers) in new[] { (0, 1), (1, 1), (70_000, 1), (Bound - 1000, 1), (Bound, 2), (3 * Bound, 2) })
        {
            var before = _origin.Answers;
            Assert.Equal(length, (await gateway.GetTextAsync($"/a/{length}")).Length);
            Assert.Equal(length, (await gateway.GetTextAsync($"/a/{length}")).Length);
            Assert.Equal((length, answers), (length, _origin.Answers - before));
        }

        Assert.Equal(0, ((ResponseCache)gateway.Get<IResponseCache>()).ReservedBytes);
    }
}
