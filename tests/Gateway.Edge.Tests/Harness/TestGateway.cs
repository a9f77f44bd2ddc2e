using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Contracts.Counters;
using Gateway.Edge.Backends;
using Gateway.Edge.Caching;
using Gateway.Edge.Counters;
using Gateway.Edge.Models;
using Gateway.Edge.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Edge.Tests.Harness;

/// <summary>A gateway on loopback: Kestrel and the whole request path, without the feed.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MemoryStream _accessLog = new();

    private TestGateway(EdgeOptions options, Func<RequestScope, Task>? script, TimeProvider? time, ICounterPartitionGrain? counters, RegionSource? regions)
    {
        var builder = TestServer.Builder(asksForClients: true);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        if (counters is not null)
        {
            builder.Services.AddSingleton<PartitionSource>(_ => counters);
            builder.Services.AddSingleton<EdgeReference>(provider => () => provider.GetRequiredService<CounterEdge>());
        }

        if (regions is not null)
        {
            builder.Services.AddSingleton(regions);
            builder.Services.AddSingleton(new CacheEdge(edge => edge));
        }

        builder.Services.AddGatewayEdge(options with { AccessLogStream = _accessLog, DrainDelay = TimeSpan.Zero, DrainTimeout = TimeSpan.FromSeconds(10) });
        _app = builder.Build();
        if (script is null)
        {
            _app.MapGateway();
            return;
        }

        _app.Run(async http =>
        {
            _ = RawTarget.TryRead(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var target);
            var scope = new RequestScope(Publications.Current!, target, Get<BackendForwarder>(), Get<LimitTable>(), Get<PolicyServices>(), NullLogger.Instance) { Http = http };
            scope.Enter(Publications.Current!.AllApis.First(), null);
            await script(scope);
        });
    }

    public Uri Url { get; private set; } = new("http://localhost");

    public Uri TlsUrl { get; private set; } = new("http://localhost");

    public HttpMessageInvoker Client { get; private set; } = null!;

    public PublicationHolder Publications => Get<PublicationHolder>();

    public int LiveExchanges => Get<LiveExchanges>().Count;

    public DrainState Drain => Get<DrainState>();

    public static async Task<TestGateway> StartAsync(
        TestPublication? publication, EdgeOptions? options = null, Func<RequestScope, Task>? script = null, TimeProvider? time = null,
        ICounterPartitionGrain? counters = null, RegionSource? regions = null)
    {
        var gateway = new TestGateway(options ?? new EdgeOptions(), script, time, counters, regions);
        if (publication is not null)
        {
            await gateway.ApplyAsync(publication);
        }

        if (counters is not null)
        {
            gateway.Get<SiloContact>().NotifyGatewayCountChanged(1, 0, connectionRecovered: false);
        }

        await gateway._app.StartAsync();
        var addresses = TestServer.Addresses(gateway._app);
        (gateway.Url, gateway.TlsUrl) = (addresses[0], addresses[1]);
        gateway.Client = NewClient();
        return gateway;
    }

    public static HttpMessageInvoker NewClient()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        return new HttpMessageInvoker(handler);
    }

    public async Task ApplyAsync(TestPublication publication)
    {
        var applied = await Publications.ApplyAsync(publication.Build(), CancellationToken.None);
        Assert.True(applied.IsSuccess, string.Join('\n', applied.Errors.Select(error => error.Message)));
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task<HttpResponseMessage> GetAsync(string target, Action<HttpRequestMessage>? change = null) =>
        SendAsync(HttpMethod.Get, target, change);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string target, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(method, new Uri(Url, target));
        change?.Invoke(request);
        return Client.SendAsync(request, new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
    }

    public async Task<string> GetTextAsync(string target, Action<HttpRequestMessage>? change = null)
    {
        using var response = await GetAsync(target, change);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sends these bytes on a connection of their own and reads all that comes until the server closes it.</summary>
    public async Task<string> SendRawAsync(string text)
    {
        using var client = new TcpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await client.ConnectAsync(IPAddress.Loopback, Url.Port, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), deadline.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(deadline.Token);
    }

    /// <summary>Stops the gateway and gives the lines of its access log.</summary>
    public async Task<string[]> StopAndReadLogAsync()
    {
        await _app.StopAsync();
        return Encoding.UTF8.GetString(_accessLog.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _app.DisposeAsync();
    }
}
