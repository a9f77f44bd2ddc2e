using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Management.Requests;

/// <summary>The way in and out: who calls, is the address sound, and whatever happens becomes one envelope.</summary>
internal sealed partial class ManagementEntry(
    ManagementOptions options,
    AdminToken token,
    ManagementDispatcher dispatcher,
    ILogger<ManagementEntry> logger)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        Answer answer;
        try
        {
            answer = await AnswerAsync(http);
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

    private async Task<Answer> AnswerAsync(HttpContext http)
    {
        if (!token.Allows(http.Request.Headers.Authorization))
        {
            return Answer.Error(401, "Unauthorized", "The header 'Authorization: Bearer <admin token>' is missing or wrong.")
                .With("WWW-Authenticate", "Bearer");
        }

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (RawTarget.Refuse(target) is { } sentence)
        {
            return ErrorEnvelope.From(new GatewayError(ErrorKind.ValidationError, sentence) { Target = "path" });
        }

        var address = ManagementAddress.Parse(http.Request.Path.Value ?? "", options.ServiceName);
        if (!address.IsSuccess)
        {
            return ErrorEnvelope.From(address.Errors);
        }

        return ApiVersion.Refuse(http.Request.Query["api-version"])
            ?? await dispatcher.DispatchAsync(new ManagementCall(http, address.Value));
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

        response.ContentType = "application/json; charset=utf-8";
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
