using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Backends;

public sealed class LeakTests
{
    private const int Clients = 32;
    private const int RequestsPerClient = 320;

    private static readonly string[] s_targets =
    [
        "/a/json", "/a/status/204", "/a/bytes?n=200000", "/a/status/500", "/a/reset", "/a/break", "/a/none", "/slow/hang", "/a/upload", "/made/x", "/refused/x",
        "/read/json", "/read/bytes?n=90000", "/read/bytes?n=200000", "/read/break", "/read/reset",
    ];

    /// <summary>Every way in which a request can end, many at once, a tenth of the clients gone in the middle: nothing is left in flight.</summary>
    [Fact]
    public async Task Nothing_is_left_after_ten_thousand_mixed_outcomes()
    {
        await using var backend = await TestBackend.StartAsync();
        var outbound = PolicyXml.Outbound("<set-header name=\"X-Outbound\"><value>1</value></set-header>");
        var made = PolicyXml.Outbound("<return-response><set-status code=\"418\" /><set-body>made</set-body></return-response>");
        var slow = PolicyXml.Tree("<policies><inbound><base /></inbound><backend><forward-request timeout-ms=\"20\" /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>");
        var read = CompiledPolicy.OfSections(
            outbound: "<set-header name=\"X-Length\" exists-action=\"override\"><value>@(context.Response.Body.As<string>(true).Length)</value></set-header>",
            onError: "<set-body>@(context.LastError.Reason)</set-body>");
        await using var gateway = await TestGateway.StartAsync(new TestPublication
        {
            Programs = read.Programs,
            Apis =
            [
                TestPublication.Api("read", backend.Url) with { Policy = read.Tree },
                TestPublication.Api("a", backend.Url, [.. "GET POST".Split(' ').Select(method => TestPublication.Operation(method, "/*"))]) with { Policy = outbound },
                TestPublication.Api("made", backend.Url) with { Policy = made },
                TestPublication.Api("slow", backend.Url) with { Policy = slow },
                TestPublication.Api("refused", "http://127.0.0.1:1"),
            ],
        }, new Edge.Requests.EdgeOptions { ExpressionBodyLimit = 100_000 });

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => RunAsync(gateway, client)));

        await Eventually.HoldsAsync(
            () => gateway.LiveExchanges == 0 && gateway.Drain.LiveRequests == 0,
            $"nothing is in flight ({gateway.LiveExchanges} exchanges, {gateway.Drain.LiveRequests} requests)");
        Assert.InRange(gateway.Get<Edge.Requests.EdgeStatistics>().Requests, Clients * RequestsPerClient * 9 / 10, Clients * RequestsPerClient);
    }

    private static async Task RunAsync(TestGateway gateway, int client)
    {
        var random = new Random(client);
        for (var turn = 0; turn < RequestsPerClient; turn++)
        {
            var target = s_targets[random.Next(s_targets.Length)];
            if (random.Next(10) == 0)
            {
                await GoAwayAsync(gateway, target, random);
                continue;
            }

            try
            {
                using var response = await gateway.SendAsync(target == "/a/upload" ? HttpMethod.Post : HttpMethod.Get, target, request =>
                    request.Content = target == "/a/upload" ? new ByteArrayContent(new byte[random.Next(50_000)]) : null);
                await response.Content.ReadAsByteArrayAsync();
            }
            catch (HttpRequestException) when (target == "/a/break")
            {
                // What this target is for.
            }
        }
    }

    private static async Task GoAwayAsync(TestGateway gateway, string target, Random random)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Url.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nbeginning"));
        if (random.Next(2) == 0)
        {
            await Task.Yield();
        }

        client.Client.LingerState = new LingerOption(true, 0);
    }
}
