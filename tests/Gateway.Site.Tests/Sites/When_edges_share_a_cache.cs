using System.Globalization;
using System.Security.Cryptography;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>Responses that two edges keep in an external cache, a Redis server of its own.</summary>
[Collection(nameof(SharedSite))]
public sealed class When_edges_share_a_cache(LocalSite site)
{
    private const int Requests = 250;

    private const string Documents = """
        <policies><inbound><base /><cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />
        <choose><when condition="@(context.Request.OriginalUrl.Query.ContainsKey("slow"))"><retry condition="@(true)" count="1" interval="1"><set-variable name="waited" value="1" /></retry></when></choose></inbound>
        <outbound><set-header name="X-Made"><value>@(Guid.NewGuid().ToString())</value></set-header><cache-store duration="600" /><base /></outbound></policies>
        """;

    private static readonly HttpClient s_client = Http.Client();

    [RedisFact]
    public async Task What_one_makes_is_for_both_until_it_is_purged_or_the_store_is_killed_under_load()
    {
        var port = FreePorts.Next();
        var store = Start(port);
        try
        {
            await site.PutApiAsync(0, "cached");
            await site.PutAsync("/caches/shared", new() { ["connectionString"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), ["useFromLocation"] = "default" });
            await site.PutAsync("/apis/cached/policies/policy", new() { ["format"] = "rawxml", ["value"] = Documents });
            var (number, made) = await SharedAsync();
            await IsMadeOnceAsync();

            Assert.Equal("The cache shared is purged in part.", await site.ToolAsync(1, "cache", "purge", "--cache", "shared", "--api", "cached"));
            // Ten times a quarter of a second.
            await Poll.UntilAsync(
                async () => await MadeAsync(0, number) != made && await MadeAsync(1, number) != made,
                TimeSpan.FromSeconds(2.5),
                () => $"the purge is not seen on both edges\n{site.Report()}");

            // Edges tell each five seconds what they were asked most.
            var top = "";
            await Poll.UntilAsync(
                async () => (top = await site.ToolAsync(0, "cache", "top", "--cache", "shared")).Contains("/cached/hello", StringComparison.Ordinal), LocalSite.Patience, () => top);

            await using var load = new Load(site.UrlOf(0, "cached"), site.UrlOf(1, "cached"));
            await load.MoreAsync(100);
            await store.KillAsync();
            await load.MoreAsync(200);
            store = Start(port);
            await SharedAsync();

            Assert.Empty(await load.StopAsync());
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    private ChildProcess Start(int port) => ChildProcess.Start(
        "redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--dir", Path.GetDirectoryName(site.In("store"))!]);

    /// <summary>Many requests that miss the same on both edges get one response, which takes a second to make; a busy silo may need more than one try to say so in time.</summary>
    private Task IsMadeOnceAsync() => Poll.UntilAsync(
        async () =>
        {
            var number = RandomNumberGenerator.GetInt32(int.MaxValue);
            var made = await Task.WhenAll(Enumerable.Range(0, 2 * Requests).Select(i => MadeAsync(i % 2, number, "&slow")));
            return made.Distinct().Count() == 1 && made[0].Length > 0;
        },
        LocalSite.Patience,
        () => $"each edge makes its own\n{site.Report()}");

    /// <summary>Returns once something that one edge has stored is found by the other.</summary>
    private async Task<(int Number, string Made)> SharedAsync()
    {
        var (number, made) = (0, "");
        await Poll.UntilAsync(
            async () =>
            {
                number = RandomNumberGenerator.GetInt32(int.MaxValue);
                made = await MadeAsync(0, number);
                return made.Length > 0 && await MadeAsync(0, number) == made && await MadeAsync(1, number) == made;
            },
            LocalSite.Patience,
            () => $"edge 1 does not find what edge 0 stores\n{site.Report()}");
        return (number, made);
    }

    /// <summary>What the answer says of who made it, asked as clients do that know the gateway by one name.</summary>
    private async Task<string> MadeAsync(int edge, int number, string more = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{site.UrlOf(edge, "cached")}?n={number}{more}"));
        request.Headers.Host = "gateway.example";
        using var response = await s_client.SendAsync(request);
        return response.Headers.TryGetValues("X-Made", out var values) ? values.Single() : "";
    }
}
