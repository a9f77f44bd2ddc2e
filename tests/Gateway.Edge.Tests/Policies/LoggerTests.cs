using System.Text;
using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Edge.Loggers;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Policies;

public sealed class LoggerTests : IAsyncLifetime
{
    private const string Write = """<log-to-eventhub logger-id="l" partition-key="@(context.Api.Id)">@(new JObject(new JProperty("path", context.Request.OriginalUrl.Path)).ToString())</log-to-eventhub>""";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private TestBackend _backend = null!;
    private Receiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _backend = await TestBackend.StartAsync();
        _receiver = await Receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task File_gets_a_line_for_each_message(bool isBuffered)
    {
        await using var gateway = await StartAsync(Logger("file", isBuffered, ("path", "calls.log")), Write);

        await gateway.GetTextAsync("/a/json?n=1");
        await gateway.GetTextAsync("/a/echo");

        var file = Path.Combine(_folder, "calls.log");
        await Eventually.HoldsAsync(() => File.Exists(file) && Lines(file).Length == 2, "both messages are in the file");
        Assert.Equal(["/a/json", "/a/echo"], Lines(file).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task File_that_is_full_is_moved_away()
    {
        await using var gateway = await StartAsync(Logger("file", false, ("path", "calls.log")), Write, options => options with { LogFileBytes = 1 });

        await gateway.GetTextAsync("/a/json");
        await gateway.GetTextAsync("/a/echo");

        var file = Path.Combine(_folder, "calls.log");
        await Eventually.HoldsAsync(() => File.Exists($"{file}.1") && File.Exists(file) && Lines(file).Length == 1, "the second message is in a new file");
        Assert.Contains("/a/json", File.ReadAllText($"{file}.1"));
        Assert.Contains("/a/echo", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/tmp/outside")]
    [InlineData(".hidden")]
    [InlineData("")]
    public async Task File_outside_of_the_folder_is_not_written(string path)
    {
        await using var gateway = await StartAsync(Logger("file", false, ("path", path)), "");
        var sink = gateway.Get<IEnumerable<ILogSink>>().Single(sink => sink.Type == "file");

        await Assert.ThrowsAsync<LoggerException>(() => sink.WriteAsync(
            new("l", "file", new Dictionary<string, string> { ["path"] = path }, false), [], CancellationToken.None));
    }

    [Fact]
    public async Task Http_receiver_gets_messages_together_as_lines()
    {
        await using var gateway = await StartAsync(Logger("http", true, ("url", $"{_receiver.Url}in"), ("authorization", "Bearer t")), Write + Write);

        await gateway.GetTextAsync("/a/json");

        await Eventually.HoldsAsync(() => _receiver.Bodies.Sum(body => body.Count(c => c == '\n')) == 2, "both messages arrive");
        Assert.Equal("POST /in application/x-ndjson Bearer t", _receiver.Heads[0]);
        Assert.All(string.Concat(_receiver.Bodies).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line));
    }

    [Theory]
    [InlineData("partition-key=\"@(context.Api.Id)\"", "a")]
    [InlineData("partition-key=\"k\"", "k")]
    [InlineData("partition-id=\"7\"", "7")]
    public async Task Collector_gets_log_records(string attribute, string partition)
    {
        await using var gateway = await StartAsync(Logger("otlp", true, ("url", _receiver.Url)), Write.Replace("partition-key=\"@(context.Api.Id)\"", attribute, StringComparison.Ordinal));

        await gateway.GetTextAsync("/a/json");

        await Eventually.HoldsAsync(() => _receiver.Bodies.Count == 1, "the message arrives");
        Assert.Equal("POST /v1/logs application/json ", _receiver.Heads[0]);
        var record = JsonDocument.Parse(_receiver.Bodies[0]).RootElement.GetProperty("resourceLogs")[0].GetProperty("scopeLogs")[0].GetProperty("logRecords")[0];
        Assert.Contains("/a/json", record.GetProperty("body").GetProperty("stringValue").GetString());
        Assert.Equal(
            ["gateway.logger.id=l", $"gateway.logger.partition={partition}"],
            record.GetProperty("attributes").EnumerateArray().Select(a => $"{a.GetProperty("key").GetString()}={a.GetProperty("value").GetProperty("stringValue").GetString()}"));
        Assert.True(long.Parse(record.GetProperty("timeUnixNano").GetString()!) > 1_000_000_000_000_000_000);
    }

    [Fact]
    public async Task Receiver_that_fails_gets_messages_once_more()
    {
        _receiver.Failures = 1;
        await using var gateway = await StartAsync(Logger("http", false, ("url", _receiver.Url)), Write);

        await gateway.GetTextAsync("/a/json");

        await Eventually.HoldsAsync(() => _receiver.Bodies.Count == 2, "it is sent twice");
        Assert.Equal(_receiver.Bodies[0], _receiver.Bodies[1]);
    }

    [Theory]
    [InlineData("azureEventHub")]
    [InlineData("http")]
    public async Task Requests_pass_though_their_messages_are_lost(string type)
    {
        await using var gateway = await StartAsync(Logger(type, true, ("url", "http://127.0.0.1:1")), Write, options => options with { LogQueueLength = 1 });

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("""{"from":"backend"}""", await gateway.GetTextAsync("/a/json"));
        }
    }

    [Fact]
    public async Task Long_message_is_cut_at_a_character()
    {
        await using var gateway = await StartAsync(
            Logger("file", true, ("path", "long.log")), """<log-to-eventhub logger-id="l">@("x" + new string('é', 200000))</log-to-eventhub>""");

        await gateway.GetTextAsync("/a/json");

        var file = Path.Combine(_folder, "long.log");
        await Eventually.HoldsAsync(() => File.Exists(file) && Lines(file).Length == 1, "the message is in the file");
        Assert.Equal("x" + new string('é', ((200 * 1024) - 1) / 2), Lines(file)[0]);
    }

    [Fact]
    public async Task Logger_that_is_not_there_fails_the_request()
    {
        await using var gateway = await PolicyEdge.StartAsync(
            _backend, inbound: """<log-to-eventhub logger-id="none">x</log-to-eventhub>""", onError: """<set-body>@(context.LastError.Source + " " + context.LastError.Reason)</set-body>""");

        Assert.Equal("log-to-eventhub LoggerNotFound", await gateway.GetTextAsync("/a/json"));
    }

    private static string[] Lines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static LoggerEntry Logger(string type, bool isBuffered, params (string Name, string Text)[] credentials) => new()
    {
        Id = "l",
        Type = type,
        IsBuffered = isBuffered,
        Credentials = [.. credentials.Select(pair => new NamedText(pair.Name, pair.Text))],
    };

    private Task<TestGateway> StartAsync(LoggerEntry logger, string outbound, Func<EdgeOptions, EdgeOptions>? change = null)
    {
        var options = new EdgeOptions { LogFolder = _folder };
        return PolicyEdge.StartAsync(
            _backend, outbound: outbound, options: change?.Invoke(options) ?? options,
            change: publication => publication with { Service = publication.Service with { Loggers = [logger] } });
    }

    /// <summary>Keeps what it gets.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app = TestServer.Builder().Build();

        public string Url { get; private set; } = "";

        public List<string> Heads { get; } = [];

        public List<string> Bodies { get; } = [];

        public int Failures { get; set; }

        public static async Task<Receiver> StartAsync()
        {
            var receiver = new Receiver();
            receiver._app.Run(receiver.TakeAsync);
            await receiver._app.StartAsync();
            receiver.Url = TestServer.Addresses(receiver._app)[0].ToString();
            return receiver;
        }

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();

        private async Task TakeAsync(HttpContext http)
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            lock (Bodies)
            {
                Heads.Add($"{http.Request.Method} {http.Request.Path} {http.Request.ContentType} {http.Request.Headers.Authorization}");
                Bodies.Add(body);
            }

            http.Response.StatusCode = Failures-- > 0 ? 503 : 202;
        }
    }
}
