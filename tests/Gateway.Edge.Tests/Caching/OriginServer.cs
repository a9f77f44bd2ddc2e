using Gateway.Edge.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Edge.Tests.Caching;

/// <summary>A backend whose every answer has a number of its own, so that a second one cannot be taken for a cached one.</summary>
internal sealed class OriginServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _answers;

    private OriginServer()
    {
        _app = TestServer.Builder().Build();
        _app.Run(async http =>
        {
            var number = Interlocked.Increment(ref _answers);
            await Answer(http, number);
        });
    }

    public string Url { get; private set; } = "";

    /// <summary>How often it was asked.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>What it answers.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = (http, number) => http.Response.WriteAsync($"answer {number}");

    public static async Task<OriginServer> StartAsync()
    {
        var origin = new OriginServer();
        await origin._app.StartAsync();
        origin.Url = TestServer.Addresses(origin._app)[0].ToString().TrimEnd('/');
        return origin;
    }

    /// <summary>Answers with a number and these headers.</summary>
    public void AnswerWith(params (string Name, string Value)[] headers) => Answer = (http, number) =>
    {
        foreach (var (name, value) in headers)
        {
            http.Response.Headers.Append(name, value);
        }

        return http.Response.WriteAsync($"answer {number}");
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
