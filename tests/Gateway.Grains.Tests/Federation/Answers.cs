using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grains.Tests.Federation;

/// <summary>What a hub should not answer.</summary>
internal static class Answers
{
    public static Func<HttpContext, Task<bool>> Status(int status, int? retryAfter = null) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return Task.FromResult(true);
    };

    public static Func<HttpContext, Task<bool>> Redirect(string to) => context =>
    {
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = to;
        return Task.FromResult(true);
    };

    public static Func<HttpContext, Task<bool>> Bytes(string of, byte[] bytes) => async context =>
    {
        if (!IsFor(context, of))
        {
            return false;
        }

        await context.Response.Body.WriteAsync(bytes);
        return true;
    };

    /// <summary>Announces more than it sends, and hangs up.</summary>
    public static Func<HttpContext, Task<bool>> Half(string of) => async context =>
    {
        if (!IsFor(context, of))
        {
            return false;
        }

        context.Response.ContentLength = 1000;
        await context.Response.Body.WriteAsync(new byte[500]);
        await context.Response.Body.FlushAsync();
        context.Abort();
        return true;
    };

    /// <summary>Sends without end.</summary>
    public static Func<HttpContext, Task<bool>> Endless(string of) => async context =>
    {
        if (!IsFor(context, of))
        {
            return false;
        }

        var block = new byte[64 * 1024];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(block);
        }

        return true;
    };

    /// <summary>Takes the request and never answers.</summary>
    public static Func<HttpContext, Task<bool>> Silence => async context =>
    {
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    };

    private static bool IsFor(HttpContext context, string of) => context.Request.Path.Value!.Contains(of, StringComparison.Ordinal);
}
