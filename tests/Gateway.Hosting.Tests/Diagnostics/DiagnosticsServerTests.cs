using System.Net;
using Gateway.Hosting.Diagnostics;
using Gateway.Hosting.Settings;

namespace Gateway.Hosting.Tests.Diagnostics;

public sealed class DiagnosticsServerTests : IAsyncLifetime
{
    private readonly Readiness _silo = new();
    private readonly Readiness _edge = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private DiagnosticsServer _server = null!;

    public async Task InitializeAsync()
    {
        var settings = new GatewaySettings { NodeName = "node-1", Diagnostics = new DiagnosticsSettings { BindAddress = "127.0.0.1" } };
        _server = await DiagnosticsServer.StartAsync(
            settings, 0, new Dictionary<string, Readiness> { ["silo"] = _silo, ["edge"] = _edge }, CancellationToken.None);
        _client.BaseAddress = _server.Address;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Readyz_WhileStarting_NamesEachNode()
    {
        var (status, body) = await GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("""{"status":"not ready","reasons":["silo: The node is starting.","edge: The node is starting."]}""", body);
    }

    [Fact]
    public async Task Readyz_SourceWithAReason_IsNotReadyUntilItIsGone()
    {
        var source = new Source { Reason = "Nothing is in force." };
        _silo.Started([]);
        _edge.Started([source]);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"not ready","reasons":["edge: Nothing is in force."]}"""), await GetAsync("/readyz"));

        source.Reason = null;
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready","reasons":[]}"""), await GetAsync("/readyz"));
    }

    [Fact]
    public async Task Readyz_WhileDraining_SaysSo()
    {
        _silo.Started([]);
        _edge.Started([]);
        _edge.Drain();

        var (status, body) = await GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("edge: The node is stopping", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healthz_WhileStarting_IsHealthy() =>
        Assert.Equal((HttpStatusCode.OK, """{"status":"healthy"}"""), await GetAsync("/healthz"));

    [Fact]
    public async Task Metrics_Always_CarryTheNodesName()
    {
        var (status, body) = await GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("service_instance_id=\"node-1\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherPath_Is404() => Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/")).Status);

    private async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class Source : IReadinessSource
    {
        public string? Reason { get; set; }

        public IEnumerable<string> Reasons() => Reason is null ? [] : [Reason];
    }
}
