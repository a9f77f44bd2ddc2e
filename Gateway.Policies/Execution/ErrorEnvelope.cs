using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Execution;

/// <summary>
/// An answer that the gateway itself makes: status, content type and one line of JSON, e.g.
/// <c>{ "statusCode": 404, "message": "Resource not found" }</c>. Immutable; keep one whose message is fixed.
/// </summary>
public sealed class ErrorEnvelope
{
    private const string JsonContentType = "application/json";
    private const string InternalMessage = "Internal server error";

    /// <summary>An answer of that status and message.</summary>
    public ErrorEnvelope(int statusCode, string message)
        : this(statusCode, message, null)
    {
    }

    private ErrorEnvelope(int statusCode, string message, Guid? activityId)
    {
        StatusCode = statusCode;
        var text = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(message);
        Body = Encoding.UTF8.GetBytes(activityId is { } id
            ? $"{{ \"statusCode\": {statusCode}, \"message\": \"{text}\", \"activityId\": \"{id:D}\" }}"
            : $"{{ \"statusCode\": {statusCode}, \"message\": \"{text}\" }}");
    }

    /// <summary>No API or operation matched.</summary>
    public static ErrorEnvelope NotFound { get; } = new(StatusCodes.Status404NotFound, "Resource not found");

    /// <summary>The request came back to this gateway.</summary>
    public static ErrorEnvelope LoopDetected { get; } = new(StatusCodes.Status508LoopDetected, "Loop detected");

    /// <summary>The status.</summary>
    public int StatusCode { get; }

    /// <summary>The body, UTF-8.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The answer to everything that is not the client's fault.</summary>
    /// <param name="activityId">Names the request, so that its failure can be found in the logs.</param>
    public static ErrorEnvelope Internal(Guid activityId) =>
        new(StatusCodes.Status500InternalServerError, InternalMessage, activityId);

    /// <summary>Makes this the answer of a pipeline, so that on-error can still change it.</summary>
    public void SetOn(PolicyContext context)
    {
        SetHead(context.Http.Response);
        context.ResponseBody = Body;
    }

    /// <summary>Sends this answer: for requests that reach no pipeline.</summary>
    public Task WriteAsync(HttpResponse response)
    {
        SetHead(response);
        response.ContentLength = Body.Length;
        return HttpMethods.IsHead(response.HttpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(Body).AsTask();
    }

    private void SetHead(HttpResponse response)
    {
        response.StatusCode = StatusCode;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = null;
        }

        response.Headers.ContentType = JsonContentType;
    }
}
