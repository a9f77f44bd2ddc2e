using System.Collections.Concurrent;
using Gateway.Contracts.Publications;
using Gateway.Edge.Callers;
using Gateway.Edge.Models;
using Gateway.Edge.Tests.Harness;
using Gateway.Testing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Callers;

public sealed class CallerTests
{
    /// <summary>What a connection keeps of its first key is its own: one that another brought is not taken for it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_connection_has_a_first_key_of_its_own(bool tls)
    {
        var seen = new ConcurrentDictionary<FirstKey, int>();
        await using var gateway = await TestGateway.StartAsync(new TestPublication { Apis = [TestPublication.Api("", null)] }, script: scope =>
        {
            seen.AddOrUpdate(scope.Http.Features.Get<FirstKey>()!, 1, (_, count) => count + 1);
            return Task.CompletedTask;
        });
        var url = new Uri(tls ? gateway.TlsUrl : gateway.Url, "any");
        for (var connection = 0; connection < 2; connection++)
        {
            using var client = TestGateway.NewClient();
            for (var i = 0; i < 3; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                using var response = await client.SendAsync(request, CancellationToken.None);
            }
        }

        Assert.Equal([3, 3], seen.Values);
    }

    /// <summary>Product × API × key: what the reference product documents.</summary>
    [Theory]
    // The product needs a key, so does the API.
    [InlineData("closed", "", true, null, "KeyMissing")]
    [InlineData("closed", "", true, "gold-1", "Admitted gold closed")]
    [InlineData("closed", "", true, "gold-2", "Admitted gold closed")]
    [InlineData("closed", "", true, "api-1", "Admitted api")]
    [InlineData("closed", "", true, "all-1", "Admitted all")]
    [InlineData("closed", "", true, "service-1", "Admitted service")]
    [InlineData("closed", "", true, "other-1", "KeyInvalid")]
    [InlineData("closed", "", true, "elsewhere-1", "KeyInvalid")]
    [InlineData("closed", "", true, "odd-1", "KeyInvalid")]
    [InlineData("closed", "", true, "wrong", "KeyInvalid")]
    // The API is open outside its product.
    [InlineData("closed", "", false, null, "Admitted")]
    [InlineData("closed", "", false, "gold-1", "Admitted gold closed")]
    [InlineData("closed", "", false, "wrong", "KeyInvalid")]
    // An open product is entered without a key, whatever the API says.
    [InlineData("", "open", true, null, "Admitted open")]
    [InlineData("", "open", false, null, "Admitted open")]
    [InlineData("", "open", true, "wrong", "KeyInvalid")]
    [InlineData("", "open", true, "gold-1", "KeyInvalid")]
    [InlineData("closed", "open", true, "gold-1", "Admitted gold closed")]
    [InlineData("closed", "open", true, null, "Admitted open")]
    // In no product.
    [InlineData("", "", true, null, "KeyMissing")]
    [InlineData("", "", true, "gold-1", "KeyInvalid")]
    [InlineData("", "", true, "api-2", "Admitted api")]
    [InlineData("", "", false, "gold-1", "KeyInvalid")]
    [InlineData("", "", false, null, "Admitted")]
    public void Caller_is_found_by_key_product_and_api(string closed, string open, bool required, string? key, string expected)
    {
        var model = Model(closed, open, required);
        var request = Request(key, null);

        var caller = Caller.Find(model.Callers, model.FindApi("shop")!, request);

        Assert.Equal(expected, string.Join(' ', new[] { caller.Verdict.ToString(), caller.Subscription?.Info.Id, caller.Product?.Info.Id }.Where(part => part is not null)));
    }

    [Theory]
    [InlineData("api-1", null, true)]
    [InlineData(null, "api-1", true)]
    [InlineData(null, "api%2D1", true)]
    [InlineData("api-1", "wrong", true)]
    [InlineData("wrong", "api-1", false)]
    [InlineData("", "api-1", true)]
    [InlineData("api-1,api-1", null, false)]
    [InlineData(null, "api-1&subscription-key=wrong", true)]
    [InlineData(null, "%ff", false)]
    public void Key_is_taken_from_the_query_only_without_the_header(string? header, string? query, bool admitted)
    {
        var model = Model("", "", true);
        var request = Request(header, query);

        Assert.Equal(admitted, Caller.Find(model.Callers, model.FindApi("shop")!, request).Verdict == CallerVerdict.Admitted);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void Key_that_is_too_long_is_invalid(int length)
    {
        var model = Model("", "", true);

        Assert.Equal(CallerVerdict.KeyInvalid, Caller.Find(model.Callers, model.FindApi("shop")!, Request(new string('k', length), null)).Verdict);
        Assert.Equal(CallerVerdict.KeyInvalid, Caller.Find(model.Callers, model.FindApi("shop")!, Request(null, new string('k', length))).Verdict);
    }

    [Fact]
    public void Finding_a_caller_allocates_nothing()
    {
        var model = Model("closed", "", true);
        var api = model.FindApi("shop")!;
        var byHeader = Request("gold-1", null);
        var byQuery = Request(null, "gold%2D1");
        var unknown = Request("wrong", null);
        byHeader.HttpContext.Features.Set(new FirstKey());

        Assert.Equal(0, Allocations.Of(() =>
        {
            var asWanted = Caller.Find(model.Callers, api, byHeader).Verdict == CallerVerdict.Admitted
                && Caller.Find(model.Callers, api, byQuery).Verdict == CallerVerdict.Admitted
                && Caller.Find(model.Callers, api, unknown).Verdict == CallerVerdict.KeyInvalid;
            Assert.True(asWanted);
        }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(31)]
    [InlineData(256)]
    public void Key_that_differs_in_one_character_is_another(int length)
    {
        var connection = new FirstKey();
        KeyHash HashOf(string key)
        {
            var request = Request(key, null);
            request.HttpContext.Features.Set(connection);
            return FirstKey.HashOf(request.HttpContext, key);
        }

        var first = new string('k', length);
        Assert.Equal(KeyHash.Of(first), HashOf(first));
        Assert.All(Enumerable.Range(0, length), at =>
        {
            var other = string.Create(length, at, static (text, at) =>
            {
                text.Fill('k');
                text[at] = 'K';
            });
            Assert.Equal(KeyHash.Of(other), HashOf(other));
        });
        Assert.Equal(KeyHash.Of(first + "k"), HashOf(first + "k"));
        Assert.Equal(KeyHash.Of(first), HashOf(new string('k', length)));
    }

    [Fact]
    public void Callers_that_share_a_connection_are_told_apart()
    {
        var model = Model("closed", "", true);
        var connection = new FirstKey();

        foreach (var (key, expected) in ((string, string?)[])[("gold-1", "gold"), ("gold-1", "gold"), ("gold-9", null), ("gold-2", "gold"), ("api-1", "api"), ("gold-1x", null), ("gold-1", "gold")])
        {
            var request = Request(key, null);
            request.HttpContext.Features.Set(connection);

            Assert.Equal(expected, Caller.Find(model.Callers, model.FindApi("shop")!, request).Subscription?.Info.Id);
        }
    }

    private static HttpRequest Request(string? header, string? query)
    {
        var http = new DefaultHttpContext();
        if (header is not null)
        {
            http.Request.Headers["Ocp-Apim-Subscription-Key"] = header.Split(',');
        }

        http.Request.QueryString = new QueryString(query is null ? "" : $"?a=b&Subscription-Key={query}");
        return http.Request;
    }

    private static PublicationModel Model(string closed, string open, bool required)
    {
        ProductEntry[] products =
        [
            new() { Id = "closed", DisplayName = "closed", Apis = closed.Length > 0 ? ["shop"] : [] },
            new() { Id = "open", DisplayName = "open", SubscriptionRequired = false, Apis = open.Length > 0 ? ["shop"] : [] },
            new() { Id = "else", DisplayName = "else", Apis = ["bank"] },
        ];
        var content = new TestPublication
        {
            Service = new ServiceChunk { ServiceName = "gateway", Products = products },
            Apis = [TestPublication.Api("bank", null), TestPublication.Api("shop", null) with { SubscriptionRequired = required }],
            Subscriptions =
            [
                TestPublication.Subscription("gold", "/products/closed"), TestPublication.Subscription("api", "/apis/shop"),
                TestPublication.Subscription("all", "/apis"), TestPublication.Subscription("service", "/"),
                TestPublication.Subscription("other", "/apis/bank"), TestPublication.Subscription("elsewhere", "/products/else"),
                TestPublication.Subscription("odd", "/users/shop"),
            ],
        };
        var built = PublicationBuilder.Build(content.Build(), null);
        Assert.True(built.IsSuccess);
        return built.Value;
    }
}
