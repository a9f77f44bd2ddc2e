using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Management.Federation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Management.Tests.Support;

/// <summary>The management API on a real Kestrel, in front of given grains.</summary>
public sealed class ManagementServer : IAsyncDisposable
{
    public const string Token = "test-token";
    public const string Service = "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.ApiManagement/service/gateway";

    private readonly WebApplication _app;
    // Whose certificate it is, is not what is tested.
    private readonly SocketsHttpHandler _handler = new() { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } };

    private ManagementServer(WebApplication app)
    {
        _app = app;
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        Address = new Uri(address);
        Client = new HttpClient(_handler) { BaseAddress = Address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Starts it.</summary>
    /// <param name="grains">The grains behind it.</param>
    /// <param name="hub">The hub of a federated site; null for a site that is its own.</param>
    /// <param name="isHttps">True for a listener with TLS.</param>
    public static async Task<ManagementServer> StartAsync(IGrainFactory grains, string? hub = null, bool isHttps = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (isHttps)
            {
                listen.UseHttps(Certificate());
            }
        }));
        builder.Services.AddSingleton(grains);
        builder.Services.AddManagement(new ManagementOptions { AdminToken = Token, GatewayUrl = "http://127.0.0.1:8080", Hub = hub });
        var app = builder.Build();
        app.MapFederation();
        app.MapManagement();
        await app.StartAsync();
        return new ManagementServer(app);
    }

    /// <summary>Sends a request; a path below the service gets the api-version unless it has a query of its own that says <c>api-version</c>.</summary>
    public async Task<ManagementReply> SendAsync(string method, string path, string? body = null, string? ifMatch = null)
    {
        var query = path.Contains("api-version", StringComparison.Ordinal) ? "" : path.Contains('?', StringComparison.Ordinal) ? "&api-version=2024-05-01" : "?api-version=2024-05-01";
        return await SendRawAsync(method, Service + path + query, body, ifMatch);
    }

    /// <summary>Sends a request to exactly this path and query.</summary>
    public async Task<ManagementReply> SendRawAsync(string method, string pathAndQuery, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), pathAndQuery);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await SendAsync(request);
    }

    /// <summary>Sends a request.</summary>
    public async Task<ManagementReply> SendAsync(HttpRequestMessage request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var response = await Client.SendAsync(request, deadline.Token);
        return new ManagementReply(response, await response.Content.ReadAsStringAsync(deadline.Token));
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _handler.Dispose();
        await _app.DisposeAsync();
    }
}
