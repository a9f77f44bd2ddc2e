using System.Collections.Concurrent;
using System.Net;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications;
using Gateway.Grains.Tests.Publications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Tests.Federation;

/// <summary>
/// A hub on a real Kestrel that serves what a real publisher made of a real catalog, and that can be told to do anything else instead.
/// </summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Gateway = "berlin";

    private readonly WebApplication _app;
    private readonly PublisherHarness _catalog;
    private readonly Publisher _publisher;

    private FakeHub(WebApplication app, PublisherHarness catalog, Publisher publisher)
    {
        (_app, _catalog, _publisher) = (app, catalog, publisher);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    public Uri Address { get; }

    /// <summary>Answers a request in place of the hub; false lets the hub answer.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    /// <summary>The paths of what was asked for, below the gateway's.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What the site told: what of, and the body.</summary>
    public ConcurrentQueue<(string What, string Body)> Told { get; } = new();

    public PublishedState State => _publisher.State!;

    /// <summary>Starts it with a declared gateway.</summary>
    public static async Task<FakeHub> StartAsync()
    {
        var catalog = await PublisherHarness.StartAsync("garnet", new Publications.Programs.FakeTrees());
        await catalog.CommitAsync(Publications.Projection.Records.Put($"/gateways/{Gateway}", "{}"));
        var publisher = await catalog.PublisherAsync(FederationNames.PublicationsOf(Gateway));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        FakeHub? hub = null;
        app.MapFallback("{**path}", context => hub!.AnswerAsync(context));
        await app.StartAsync();
        return hub = new FakeHub(app, catalog, publisher);
    }

    /// <summary>Commits to the hub's catalog and publishes.</summary>
    public async Task CommitAsync(params CatalogContent[] contents)
    {
        await _catalog.CommitAsync(contents);
        Assert.True(await _publisher.RefreshAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _publisher.Dispose();
        await _catalog.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        Asked.Enqueue(path[(path.IndexOf(Gateway, StringComparison.Ordinal) + Gateway.Length + 1)..]);
        if (Instead is { } instead && await instead(context))
        {
            return;
        }

        var last = path[(path.LastIndexOf('/') + 1)..];
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var text = new StreamReader(context.Request.Body);
            Told.Enqueue((last, await text.ReadToEndAsync()));
            context.Response.StatusCode = 204;
            return;
        }

        if (last == "manifest")
        {
            var running = FederationNames.PublicationOf(context.Request.Headers.IfNoneMatch.ToString());
            if (running == State.Manifest.Id)
            {
                context.Response.StatusCode = 304;
                return;
            }

            await context.Response.Body.WriteAsync(SignedManifestFormat.Write(State.Signed));
            return;
        }

        var body = (await _publisher.Bodies.GetAsync([last]))[0];
        if (body is null)
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.Headers.ContentEncoding = "br";
        await context.Response.Body.WriteAsync(_catalog.FederationCodec.Unseal(last, body).Value);
    }
}
