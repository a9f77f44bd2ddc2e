using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using Gateway.Edge.Backends;
using Gateway.Edge.Callers;
using Gateway.Edge.Calls;
using Gateway.Edge.Counters;
using Gateway.Edge.Matching;
using Gateway.Edge.Models;
using Gateway.Policies.Caching;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Budgets;
using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Requests;

/// <summary>One request on its way, with the publication that was in force when it began.</summary>
internal sealed partial class RequestScope(
    PublicationModel publication, RawTarget target, BackendForwarder backends, LimitTable limits, PolicyServices services, ILogger logger)
    : PolicyContext
{
    private int _apiSegments;
    private OperationModel? _operation;
    private ApiModel? _api;
    private StringValues _keyHeader;
    private DateTimeOffset? _arrived;
    private BackendExchange? _exchange;
    private TimeSpan _waitedBefore;

    /// <summary>When the request arrived, by the clock's own count.</summary>
    public long Started { get; init; }

    /// <summary>Waiting for backends to begin their answers; null when none was asked.</summary>
    public TimeSpan? BackendDuration => _waitedBefore + _exchange?.Waited;

    /// <inheritdoc />
    public override DateTimeOffset Timestamp => _arrived ??= backends.Time.GetUtcNow() - Elapsed;

    /// <inheritdoc />
    public override TimeSpan Elapsed => backends.Time.GetElapsedTime(Started);

    /// <inheritdoc />
    public override DeploymentInfo Deployment =>
        new(backends.Options.GatewayId, backends.Options.ServiceId, publication.Service.ServiceName, backends.Options.NodeName)
        {
            Certificates = publication.Service.Certificates.ByThumbprint,
            CertificatesById = publication.Service.Certificates.ById,
        };

    /// <inheritdoc />
    public override TimeProvider Time => backends.Time;

    /// <inheritdoc />
    public override IValueCache Cache => services.Cache;

    /// <inheritdoc />
    public override IResponseCache Responses => services.Responses;

    /// <inheritdoc />
    public override IRefills Refills => services.Refills;

    /// <inheritdoc />
    public override string OriginalPath => target.Path.ToString();

    /// <inheritdoc />
    public override string OriginalQuery => target.Query.ToString();

    /// <inheritdoc />
    public override string? SubscriptionKey => _api is null ? null : KeyReader.Read(_api, _keyHeader, OriginalQuery);

    /// <inheritdoc />
    public override ExpressionLimits ExpressionLimits => backends.Options.Expressions;

    /// <inheritdoc />
    public override int BodyLimit => backends.Options.ExpressionBodyLimit;

    /// <inheritdoc />
    public override TokenTrust Tokens => services.Trust;

    /// <inheritdoc />
    public override IReadOnlyList<string> TemplateParameterNames => _operation?.ParameterNames ?? [];

    /// <inheritdoc />
    public override IReadOnlyList<string> TemplateQueryNames => _operation?.QueryNames ?? [];

    /// <summary>Notes what the request matched, and aims at the API's own backend.</summary>
    public void Enter(ApiModel api, OperationModel? operation)
    {
        Api = api.Info;
        _api = api;
        Operation = operation?.Info;
        _operation = operation;
        _apiSegments = api.PathSegments.Length;
        var path = target.Path;
        Backend.BaseUrl = api.Info.ServiceUrl;
        Backend.Path = path[PathSegments.StartOf(path, _apiSegments)..].ToString();
        Backend.Query = target.Query.ToString();
    }

    /// <summary>Notes who calls.</summary>
    public void Admit(Caller caller)
    {
        Subscription = caller.Subscription?.Info;
        if (caller.Subscription is not null && _api is not null)
        {
            // Policies may remove it, and expressions ask later.
            _keyHeader = Http.Request.Headers[_api.KeyHeader];
        }

        Product = caller.Product?.Info;
    }

    /// <inheritdoc />
    public override bool TryGetMatchedParameter(string name, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (_operation is null || !_operation.Template.TryGetParameter(name, target.Path, _apiSegments, target.Query, out var escaped))
        {
            return false;
        }

        value = Uri.UnescapeDataString(escaped.ToString());
        return true;
    }

    /// <inheritdoc />
    public override ApiInfo? FindApi(string id) => publication.FindApi(id)?.Info;

    /// <inheritdoc />
    public override BackendInfo? FindBackend(string id) => publication.Service.Backends.GetValueOrDefault(id);

    /// <inheritdoc />
    public override X509Certificate2? FindCertificate(string id) => publication.Service.Certificates.ById.GetValueOrDefault(id);

    /// <inheritdoc />
    public override X509Certificate2? FindCertificateByThumbprint(string thumbprint) => publication.Service.Certificates.ByThumbprint.GetValueOrDefault(thumbprint);

    /// <inheritdoc />
    public override LoggerInfo? FindLogger(string id) => publication.Service.Loggers.GetValueOrDefault(id);

    /// <inheritdoc />
    public override SchemaInfo? FindSchema(string id) => publication.Service.Schemas.GetValueOrDefault(id);

    /// <inheritdoc />
    public override ValueTask<IBackendExchange> ForwardAsync(ForwardOptions options)
    {
        var exchange = backends.Prepare(Http, Backend, options);
        if (_exchange is { } earlier)
        {
            _waitedBefore += earlier.Waited;
        }
        else if (limits.Stamps)
        {
            AdmissionStamp.SetOn(Http.Request, ref LimitGrants);
        }

        _exchange = exchange;
        return exchange.SendAsync();
    }

    /// <inheritdoc />
    public override double NextRandom() => RequestIds.NextDouble();

    /// <inheritdoc />
    public override async ValueTask<CallResponse> CallAsync(OutgoingCall call, CancellationToken cancellationToken)
    {
        using var either = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Http.RequestAborted) : null;
        try
        {
            return await services.Calls.SendAsync(call, CallDepth.Of(Http.Request.Headers), either?.Token ?? Http.RequestAborted);
        }
        catch (OperationCanceledException e) when (Http.RequestAborted.IsCancellationRequested)
        {
            throw new BackendFailedException(BackendFailure.ClientAborted, "The client went away.", e);
        }
        catch (BackendFailedException e) when (e.Failure == BackendFailure.Loop)
        {
            CallDepth.TellOfLoop(Http);
            throw;
        }
    }

    /// <inheritdoc />
    public override void CallOneWay(OutgoingCall call) => services.OneWayCalls.Send(call, CallDepth.Of(Http.Request.Headers));

    /// <inheritdoc />
    public override ValueTask<string> GetTokenAsync(string resource, string? clientId) => services.Tokens.GetAsync(resource, clientId);

    /// <inheritdoc />
    public override X509Certificate2 LoadCertificate(byte[] pfx, string? password) => services.Certificates.Load(pfx, password);

    /// <inheritdoc />
    public override void Log(LoggerInfo logger, ReadOnlyMemory<byte> message, string? partition) =>
        services.Loggers.Add(new(logger, Time.GetUtcNow(), message, partition));

    /// <inheritdoc />
    public override void Trace(in TraceMessage message) => services.Traces.Write(in message, RequestId, Api?.Id, Operation?.Id);

    /// <inheritdoc />
    public override void Measure(string metric, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => services.Metrics.Add(metric, value, tags);

    /// <inheritdoc />
    public override IReadOnlyList<ResponseExample> ResponseExamples => _operation?.Examples ?? [];

    /// <inheritdoc />
    public override ValueTask<LimitDecision> TakeAsync(LimitRule rule, string? key, long count = 1, bool isEstimate = false) =>
        limits.TakeAsync(rule, key, this, publication, count, isEstimate);

    /// <inheritdoc />
    public override bool TryEnter(string key, int most) => limits.Concurrency.TryEnter(key, most);

    /// <inheritdoc />
    public override void Leave(string key) => limits.Concurrency.Leave(key);

    /// <inheritdoc />
    public override ValueTask<PlaceDecision> EnterSiteAsync(string key, int most) => limits.SitePlaces.EnterAsync(key, most, Http);

    /// <inheritdoc />
    public override void OnFailure(Exception exception)
    {
        if (exception is not (PolicyException or BackendFailedException) && !Http.RequestAborted.IsCancellationRequested)
        {
            Lines.Failed(logger, exception, RequestId, Api?.Id, Operation?.Id);
        }
    }

    /// <inheritdoc />
    public override void OnSettlementFailure(Exception exception) => Lines.NotSettled(logger, exception, RequestId, Api?.Id, Operation?.Id);

    private static partial class Lines
    {
        [LoggerMessage(2, LogLevel.Warning, "What request {RequestId} counts for could not be told at its end (API {Api}, operation {Operation}): it counts as it was admitted.")]
        public static partial void NotSettled(ILogger logger, Exception exception, Guid requestId, string? api, string? operation);

        [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed (API {Api}, operation {Operation}).")]
        public static partial void Failed(ILogger logger, Exception exception, Guid requestId, string? api, string? operation);
    }
}
