using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Management.Requests;

/// <summary>The way out: whatever happens while a request is answered becomes one envelope.</summary>
internal sealed partial class RequestGuard(ILogger<RequestGuard> logger)
{
    /// <summary>Answers a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answerAsync">Gives the answer.</param>
    public async Task HandleAsync(HttpContext http, Func<HttpContext, Task<Answer>> answerAsync)
    {
        Answer answer;
        try
        {
            answer = await answerAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException exception)
        {
            answer = Answer.Error(exception.StatusCode, exception.StatusCode == 413 ? nameof(ErrorKind.RequestTooLarge) : "BadRequest", exception.Message);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException or OperationCanceledException)
        {
            Log.Unavailable(logger, exception, http.Request.Method);
            answer = ErrorEnvelope.From(new GatewayError(ErrorKind.ServiceUnavailable,
                "The catalog did not answer in time. A write may have been done all the same: read before you repeat it."));
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, http.Request.Method, http.TraceIdentifier);
            answer = Answer.Error(500, "InternalServerError", $"The request failed inside the service. Its log has the cause under '{http.TraceIdentifier}'.");
        }

        await SendAsync(http, answer);
    }

    private static async Task SendAsync(HttpContext http, Answer answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers.CacheControl = "no-store";
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Body is not { } body)
        {
            return;
        }

        response.ContentType = answer.ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A {Method} call to the management API could not reach the catalog.")]
        public static partial void Unavailable(ILogger logger, Exception exception, string method);

        [LoggerMessage(2, LogLevel.Error, "A {Method} call to the management API failed (trace {TraceId}).")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string traceId);
    }
}
