using System.Net;
using StackExchange.Redis;

namespace Gateway.Benchmarks.Caching;

/// <summary>What most gateways do for a hit: a GET in Redis for each request, and nothing else.</summary>
internal static class RedisPerHit
{
    /// <summary>The body that stands under every path.</summary>
    public const string Key = "benchmark:hit";

    public static async Task RunAsync(int port, string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        await using var redis = await ConnectionMultiplexer.ConnectAsync(address);
        var database = redis.GetDatabase();
        await database.StringSetAsync(Key, new byte[1014]);
        await using var app = builder.Build();
        app.Run(async context =>
        {
            var body = (ReadOnlyMemory<byte>)await database.StringGetAsync(Key);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        await app.RunAsync();
    }
}
