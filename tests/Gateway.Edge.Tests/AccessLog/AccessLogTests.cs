using System.Text.Json;
using Gateway.Edge.AccessLog;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Hosting.Settings;
using Gateway.Testing;

namespace Gateway.Edge.Tests.AccessLog;

public sealed class AccessLogTests
{
    [Fact]
    public async Task Request_is_one_line_with_what_is_known_of_it()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, AccessLogMode.All);
        using (await gateway.GetAsync("/shop/json", request => request.Headers.Add("Ocp-Apim-Subscription-Key", "me-1")))
        {
        }

        var line = Assert.Single(await gateway.StopAndReadLogAsync());

        var root = JsonDocument.Parse(line).RootElement;
        Assert.Equal(
            [
                "timestamp", "requestId", "method", "path", "status", "durationMs", "backendMs", "apiId", "operationId", "subscriptionId", "clientIp",
            ],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("GET", root.GetProperty("method").GetString());
        Assert.Equal("/shop/json", root.GetProperty("path").GetString());
        Assert.Equal(200, root.GetProperty("status").GetInt32());
        Assert.Equal("shop", root.GetProperty("apiId").GetString());
        Assert.Equal("* /*", root.GetProperty("operationId").GetString());
        Assert.Equal("me", root.GetProperty("subscriptionId").GetString());
        Assert.Equal("127.0.0.1", root.GetProperty("clientIp").GetString());
        Assert.NotEqual(Guid.Empty, root.GetProperty("requestId").GetGuid());
        Assert.InRange(root.GetProperty("timestamp").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.InRange(root.GetProperty("durationMs").GetDouble(), root.GetProperty("backendMs").GetDouble(), 60_000);
    }

    [Fact]
    public async Task Keys_are_in_no_line()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, AccessLogMode.All);
        using (await gateway.GetAsync("/shop/json?subscription-key=me-1"))
        using (await gateway.GetAsync("/shop/json?subscription-key=wrong-1", request => request.Headers.Add("Ocp-Apim-Subscription-Key", "me-1")))
        {
        }

        var lines = await gateway.StopAndReadLogAsync();

        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain("-1\"", line));
        Assert.All(lines, line => Assert.DoesNotContain("?", line));
    }

    [Fact]
    public async Task Failure_is_named_by_source_and_reason()
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, AccessLogMode.All);
        using (await gateway.GetAsync("/none"))
        using (await gateway.GetAsync("/shop/json"))
        using (await gateway.GetAsync("/shop/reset?subscription-key=me-1"))
        {
        }

        var lines = (await gateway.StopAndReadLogAsync()).Select(line => JsonDocument.Parse(line).RootElement).ToArray();

        Assert.Equal(
            ["404 configuration OperationNotFound", "401 authorization SubscriptionKeyNotFound", "500 forward-request BackendConnectionFailure"],
            lines.Select(line => $"{line.GetProperty("status")} {line.GetProperty("errorSource")} {line.GetProperty("errorReason")}"));
    }

    [Theory]
    [InlineData(AccessLogMode.All, 2)]
    [InlineData(AccessLogMode.Errors, 1)]
    [InlineData(AccessLogMode.Off, 0)]
    public async Task Mode_says_which_requests_are_named(AccessLogMode mode, int expected)
    {
        await using var backend = await TestBackend.StartAsync();
        await using var gateway = await StartAsync(backend, mode);
        using (await gateway.GetAsync("/shop/json?subscription-key=me-1"))
        using (await gateway.GetAsync("/none"))
        using (await gateway.GetAsync("/status-0123456789abcdef"))
        {
        }

        Assert.Equal(expected, (await gateway.StopAndReadLogAsync()).Length);
    }

    [Fact]
    public async Task Hostile_bytes_cannot_make_another_line()
    {
        await using var gateway = await TestGateway.StartAsync(new TestPublication());
        await gateway.SendRawAsync("GET /\"},{\"status\":200}<script>%0d%0a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await gateway.SendRawAsync("GET /a\tb\u001b[31m\u00e9 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await gateway.SendRawAsync("\"QUOTED\" /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        var lines = await gateway.StopAndReadLogAsync();

        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            Assert.NotEqual(200, JsonDocument.Parse(line).RootElement.GetProperty("status").GetInt32());
            Assert.All(line, character => Assert.InRange(character, ' ', '~'));
        });
    }

    [Fact]
    public void Full_ring_drops_and_counts()
    {
        var queue = new AccessLogQueue(AccessLogMode.All, 8);
        for (var index = 0; index < 11; index++)
        {
            queue.Write(Record(index));
        }

        Assert.Equal(3, queue.TakeDropped());
        Assert.Equal(0, queue.TakeDropped());
        Assert.Equal(Enumerable.Range(0, 8), Read(queue));
        queue.Write(Record(11));
        Assert.Equal([11], Read(queue));
    }

    [Fact]
    public async Task Records_of_many_producers_all_arrive_or_are_counted()
    {
        const int producers = 8;
        const int each = 50_000;
        var queue = new AccessLogQueue(AccessLogMode.All, 1024);
        var read = 0L;
        using var done = new CancellationTokenSource();
        var consumer = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await queue.WaitAsync(done.Token);
                    read += Read(queue).Count;
                }
            }
            catch (OperationCanceledException)
            {
                read += Read(queue).Count;
            }
        });

        await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(() =>
        {
            for (var index = 0; index < each; index++)
            {
                queue.Write(Record(index));
            }
        })));
        await done.CancelAsync();
        await consumer.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(producers * each, read + queue.TakeDropped());
    }

    [Fact]
    public void Writing_to_the_ring_allocates_nothing()
    {
        var queue = new AccessLogQueue(AccessLogMode.All, 64);
        var record = Record(1);

        Assert.Equal(0, Allocations.Of(() =>
        {
            queue.Write(in record);
            queue.TryRead(out _);
        }));
    }

    private static List<int> Read(AccessLogQueue queue)
    {
        List<int> statuses = [];
        while (queue.TryRead(out var record))
        {
            statuses.Add(record.Status);
        }

        return statuses;
    }

    private static RequestRecord Record(int status) => new()
    {
        Timestamp = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.Zero,
        RequestId = Guid.Empty,
        Method = "GET",
        Target = "/",
        Path = ..1,
        Status = status,
    };

    private static Task<TestGateway> StartAsync(TestBackend backend, AccessLogMode mode) => TestGateway.StartAsync(
        new TestPublication
        {
            Apis = [TestPublication.Api("shop", backend.Url) with { SubscriptionRequired = true }],
            Subscriptions = [TestPublication.Subscription("me", "/apis")],
        },
        new EdgeOptions { AccessLog = mode });
}
