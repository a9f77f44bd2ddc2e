using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Benchmarks.Proxying;

/// <summary>YARP's forwarder and nothing else, with the settings of our edge: what the full chain is compared with.</summary>
internal static class BareProxy
{
    public static async Task RunAsync(int port, string backend)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddHttpForwarder();

        await using var app = builder.Build();
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
        });
        app.Run(async context => await forwarder.SendAsync(context, backend, client, ForwarderRequestConfig.Empty, HttpTransformer.Default));
        await app.RunAsync();
    }
}
