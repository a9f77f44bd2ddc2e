using Gateway.Edge.Backends;
using Gateway.Edge.Callers;
using Gateway.Edge.Counters;
using Gateway.Edge.Matching;
using Gateway.Edge.Models;
using Gateway.Edge.Telemetry;
using Gateway.Policies.Caching;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Access;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Edge.Requests;

/// <summary>Serves every request of the gateway's ports: target → match → caller → pipeline → record.</summary>
internal sealed class GatewayRequestHandler(
    PublicationHolder publications, BackendForwarder backends, LimitTable limits, PolicyServices services, DrainState drain, RequestObserver observer, TimeProvider time,
    ILogger<GatewayRequestHandler> logger)
{
    /// <summary>Answers 200 while the gateway is ready.</summary>
    public const string StatusPath = "/status-0123456789abcdef";

    private const string RetryAfterSeconds = "1";

    private static readonly ErrorEnvelope BadTarget = new(StatusCodes.Status400BadRequest, "Bad request");
    private static readonly ErrorEnvelope NotReady = new(StatusCodes.Status503ServiceUnavailable, "Service unavailable");

    /// <summary>Serves one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        var isClean = RawTarget.TryRead(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var target);
        var publication = publications.Current;
        if (isClean && target.Path is StatusPath)
        {
            await AnswerProbeAsync(http, publication is not null && !drain.IsDraining);
            return;
        }

        drain.Enter();
        using var activity = EdgeTelemetry.StartRequest(http);
        RequestScope? scope = null;
        try
        {
            if (!isClean)
            {
                await BadTarget.WriteAsync(http.Response);
            }
            else if (publication is null)
            {
                await AnswerNotReadyAsync(http);
            }
            else
            {
                scope = new RequestScope(publication, target, backends, limits, services, logger) { Http = http, Started = started };
                await ServeAsync(http, target, publication, scope);
            }
        }
        finally
        {
            drain.Leave();
            observer.Observe(Describe(http, target, scope, started), activity);
        }
    }

    private static ValueTask ServeAsync(HttpContext http, RawTarget target, PublicationModel publication, RequestScope scope)
    {
        var request = http.Request;
        ConnectionHeaders.RemoveNominated(request.Headers);
        var path = target.Path.Contains('%') ? request.Path.Value : target.Path;
        var (api, operation) = path.IsEmpty ? default
            : RequestMatch.Find(publication.Apis, request.Host.Value, request.IsHttps, MethodOf(http), path, target.Query);
        if (api is not null && operation is null or { TakesAnyMethod: true } && CorsPolicy.IsPreflight(request))
        {
            // The request that the browser asks for says whose policies answer.
            var (asked, wanted) = RequestMatch.Find(
                publication.Apis, request.Host.Value, request.IsHttps, request.Headers.AccessControlRequestMethod.ToString(), path, target.Query);
            if ((wanted?.PipelineFor(asked?.OpenProduct) ?? api.Pipeline) is { Cors.Count: > 0 } preflight)
            {
                scope.Enter(asked ?? api, wanted);
                return preflight.AnswerPreflightAsync(scope);
            }
        }

        if (api is not null)
        {
            scope.Enter(api, operation);
        }

        if (api is null || operation is null)
        {
            return (api?.Pipeline ?? publication.Service.Pipeline).FailAsync(scope, Refusals.NotFound);
        }

        var caller = Caller.Find(publication.Callers, api, request);
        if (caller.Verdict != CallerVerdict.Admitted)
        {
            return operation.PipelineFor(null).FailAsync(scope, Refusals.Challenge(http.Response, api, request.Host, caller.Verdict));
        }

        scope.Admit(caller);
        return operation.PipelineFor(caller.Product).ExecuteAsync(scope);
    }

    /// <summary>A web socket over HTTP/2 begins with CONNECT; to an operation it is what it is over HTTP/1.1.</summary>
    private static string MethodOf(HttpContext http) =>
        HttpMethods.IsConnect(http.Request.Method) && http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
            ? HttpMethods.Get
            : http.Request.Method;

    private static Task AnswerProbeAsync(HttpContext http, bool isReady)
    {
        if (!isReady)
        {
            return AnswerNotReadyAsync(http);
        }

        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task AnswerNotReadyAsync(HttpContext http)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return NotReady.WriteAsync(http.Response);
    }

    private RequestRecord Describe(HttpContext http, RawTarget target, RequestScope? scope, long started)
    {
        var duration = time.GetElapsedTime(started);
        var response = http.Response;
        return new RequestRecord
        {
            Timestamp = time.GetUtcNow() - duration,
            Duration = duration,
            BackendDuration = scope?.BackendDuration,
            RequestId = scope?.RequestId ?? RequestIds.Next(),
            Method = scope?.OriginalMethod ?? http.Request.Method,
            Target = target.Text,
            Path = target.PathRange,
            Status = !response.HasStarted && http.RequestAborted.IsCancellationRequested ? RequestRecord.ClientClosed : response.StatusCode,
            ApiId = scope?.Api?.Id,
            OperationId = scope?.Operation?.Id,
            ProductId = scope?.Product?.Id,
            SubscriptionId = scope?.Subscription?.Id,
            ClientIp = ClientAddress.TextOf(http),
            RequestSize = http.Request.ContentLength,
            ResponseSize = response.ContentLength,
            ErrorSource = scope?.LastError?.Source,
            ErrorReason = scope?.LastError?.Reason,
            Cache = scope?.CacheResult ?? CacheResult.None,
            CachedBytes = scope?.CachedBytes ?? 0,
            ShadowRefusals = scope?.ShadowRefusals,
        };
    }
}
