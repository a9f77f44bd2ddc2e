using System.Collections.Concurrent;
using Gateway.Edge.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Policies;

/// <summary>An issuer of tokens that publishes its keys.</summary>
internal sealed class TokenIssuerServer : IAsyncDisposable
{
    /// <summary>In <see cref="Issuer"/>: the tenant that is asked for, the first part of the path.</summary>
    public const string Tenant = "(tenant)";

    private readonly WebApplication _app;
    private int _fetches;

    private TokenIssuerServer()
    {
        _app = TestServer.Builder().Build();
        _app.Run(http =>
        {
            var path = http.Request.Path.Value!;
            if (path.EndsWith("/keys", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _fetches);
                return http.Response.WriteAsync(Mint.KeySet);
            }

            Asked.Enqueue(path);
            if (IsDown)
            {
                http.Response.StatusCode = 500;
                return Task.CompletedTask;
            }

            return http.Response.WriteAsync($$"""{"issuer":"{{Issuer.Replace(Tenant, path.Split('/')[1], StringComparison.Ordinal)}}","jwks_uri":"{{Url}}/keys"}""");
        });
    }

    public TokenMint Mint { get; set; } = new();

    public bool IsDown { get; set; }

    public string Issuer { get; set; } = "https://issuer.example";

    /// <summary>The paths of the documents that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string Url { get; private set; } = "";

    public string Configuration => $"{Url}/.well-known/openid-configuration";

    public int Fetches => Volatile.Read(ref _fetches);

    public static async Task<TokenIssuerServer> StartAsync()
    {
        var server = new TokenIssuerServer();
        await server._app.StartAsync();
        server.Url = TestServer.Addresses(server._app)[0].ToString().TrimEnd('/');
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
